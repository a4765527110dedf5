/** Peaks and slopes of a contour. */
import { mean, standardDeviation } from "../../math/statistics.js";

/** What the rises and falls of a contour say, per second. */
export interface ContourSlopes {
  readonly peaks: number;
  readonly meanRising: number;
  readonly deviationRising: number;
  readonly meanFalling: number;
  readonly deviationFalling: number;
}

/** Share of the contour's range by which a peak or valley differs from the one before it. */
const leastShare = 0.1;
/** A later peak takes the place of one that it exceeds by this factor, with no valley between them. */
const leastFactor = 1.05;

/**
 * Returns the peaks and slopes of values that are `stepSeconds` apart. A local extremum (without plateaus, two values from either end) counts
 * when it differs from the last one of the other kind by more than a tenth of the contour's range; the first one from the first value, or a peak
 * from the local valley before it. Of valleys that follow each other the lowest counts; of peaks the first one, unless a later one exceeds it by
 * 5 % or the last local valley between them by a tenth of the range. Slopes run from the first value through all extrema. The piece after the last
 * extremum, signed, enters the mean and the count of the kind that would come next but not the sum of squares under the deviation. Without any
 * extremum the one slope is the last value less the first over the count of values, signed, and of the kind that its sign says. All as in the
 * reference implementation, measured on contours. No slope of a kind: 0.
 */
export function contourSlopes(values: Float64Array, stepSeconds: number): ContourSlopes {
  const extrema = significantExtrema(values);
  const rising: number[] = [];
  const falling: number[] = [];
  let from = 0;
  for (const { at } of extrema) {
    const slope = at > from ? (values[at] - values[from]) / ((at - from) * stepSeconds) : 0;
    if (slope > 0) rising.push(slope);
    else if (slope < 0) falling.push(-slope);
    from = at;
  }
  const last = values.length - 1;
  const endsOn = extrema.at(-1)?.peak;
  if (endsOn === undefined) return withoutExtrema(values);
  const rest = last > from ? (values[last] - values[from]) / ((last - from) * stepSeconds) : undefined;
  const [meanRising, deviationRising] = moments(rising, endsOn ? undefined : rest);
  const [meanFalling, deviationFalling] = moments(falling, endsOn ? rest : undefined);
  const peaks = extrema.filter(({ peak }) => peak).length;
  return { peaks, meanRising, deviationRising, meanFalling, deviationFalling };
}

/** The one slope of a contour without extrema, per value and not per second as the reference implementation has it. */
function withoutExtrema(values: Float64Array): ContourSlopes {
  const rise = values.length > 0 ? (values[values.length - 1] - values[0]) / values.length : 0;
  return {
    peaks: 0,
    meanRising: Math.max(rise, 0),
    deviationRising: 0,
    meanFalling: Math.min(rise, 0),
    deviationFalling: 0,
  };
}

function significantExtrema(values: Float64Array): { at: number; peak: boolean }[] {
  let low = values[0] ?? 0;
  let high = low;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const least = leastShare * (high - low);
  const extrema: { at: number; peak: boolean }[] = [];
  let valleyAfterPeak = Number.POSITIVE_INFINITY;
  for (let t = 2; t < values.length - 2; t++) {
    const value = values[t];
    const peak = value > values[t - 1] && value > values[t + 1];
    const valley = value < values[t - 1] && value < values[t + 1];
    if (!peak && !valley) continue;
    const last = extrema.at(-1);
    const before = values[last?.at ?? 0];
    const below = last ? before : Math.min(before, valleyAfterPeak);
    const significant = peak ? value - below > least : before - value > least;
    if (last?.peak !== peak) {
      if (significant) extrema.push({ at: t, peak });
    } else if (valley ? value < before : exceeds(value, { before, valley: valleyAfterPeak, least })) {
      last.at = t;
    }
    if (valley) valleyAfterPeak = value;
    else if (extrema.at(-1)?.at === t) valleyAfterPeak = Number.POSITIVE_INFINITY;
  }
  return extrema;
}

/** Whether a peak takes the place of the one before it. */
function exceeds(
  value: number,
  { before, valley, least }: { readonly before: number; readonly valley: number; readonly least: number },
): boolean {
  return value > before && (value > leastFactor * before || value - valley > least);
}

function moments(slopes: readonly number[], rest: number | undefined): [number, number] {
  if (rest === undefined) return slopes.length > 0 ? [mean(slopes), standardDeviation(slopes)] : [0, 0];
  const count = slopes.length + 1;
  const centre = (slopes.reduce((sum, slope) => sum + slope, 0) + rest) / count;
  return [centre, Math.sqrt(slopes.reduce((sum, slope) => sum + (slope - centre) ** 2, 0) / count)];
}
