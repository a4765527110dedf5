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

/**
 * Returns the peaks and slopes of values that are `stepSeconds` apart. A local extremum counts when it differs from the last one of the other
 * kind by more than a tenth of the contour's range; of several of one kind the most extreme counts. Slopes run from the first value through all
 * extrema. The piece after the last extremum, signed, enters the mean and the count of the kind that would come next but not the sum of
 * squares under the deviation, as in the reference implementation. No slope of a kind: 0.
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
  const rest = last > from ? (values[last] - values[from]) / ((last - from) * stepSeconds) : undefined;
  const endsOn = extrema.at(-1)?.peak;
  const [meanRising, deviationRising] = moments(rising, endsOn === false ? rest : undefined);
  const [meanFalling, deviationFalling] = moments(falling, endsOn === true ? rest : undefined);
  const peaks = extrema.filter(({ peak }) => peak).length;
  return { peaks, meanRising, deviationRising, meanFalling, deviationFalling };
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
  let lowest = values[0];
  let highest = values[0];
  for (let t = 1; t < values.length - 1; t++) {
    const value = values[t];
    const peak = value > values[t - 1] && value >= values[t + 1];
    const valley = value < values[t - 1] && value <= values[t + 1];
    const last = extrema.at(-1);
    if (!last) {
      if ((peak && value - lowest > least) || (valley && highest - value > least))
        extrema.push({ at: t, peak });
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    } else if (peak || valley) {
      const rise = value - values[last.at];
      if (peak === last.peak) {
        if (peak ? rise > 0 : rise < 0) last.at = t;
      } else if (peak ? rise > least : -rise > least) extrema.push({ at: t, peak });
    }
  }
  return extrema;
}

function moments(slopes: readonly number[], rest: number | undefined): [number, number] {
  if (rest === undefined) return slopes.length > 0 ? [mean(slopes), standardDeviation(slopes)] : [0, 0];
  const count = slopes.length + 1;
  const centre = (slopes.reduce((sum, slope) => sum + slope, 0) + rest) / count;
  return [centre, Math.sqrt(slopes.reduce((sum, slope) => sum + (slope - centre) ** 2, 0) / count)];
}
