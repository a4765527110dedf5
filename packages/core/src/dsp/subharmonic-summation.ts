/** Candidates of F0 in one spectrum by subharmonic summation (Hermes 1988, J. Acoust. Soc. Am. 83, 257–264). */

export interface SubharmonicOptions {
  readonly sampleRate: number;
  readonly fftSize: number;
  /** Range of F0 in Hz. Default 55–1000. */
  readonly lowHz?: number | undefined;
  readonly highHz?: number | undefined;
  /** Harmonics that are summed. Default 15. */
  readonly harmonics?: number | undefined;
  /** Weight of each harmonic relative to the one below it. Default 0.85 (Hermes: 0.84). */
  readonly decay?: number | undefined;
  /** Peaks of the sum that are looked at. Default 6. */
  readonly peaks?: number | undefined;
}

/** A planned summation: tables and work memory are made once. Not for concurrent use. */
export interface SubharmonicSummation {
  /** Most candidates that a spectrum may have. */
  readonly most: number;
  /**
   * Writes the candidates of a magnitude spectrum (fftSize / 2 + 1 values ≥ 0), the highest peak first: F0 to `hz` in Hz and to `salience`
   * 1 − mean of the sum over the peak's height, at most 1. Returns how many there are; of the highest `peaks` those within the range.
   */
  candidatesInto(magnitudes: Float64Array, hz: Float64Array, salience: Float64Array): number;
}

/** Harmonics that are added in one pass. */
const together = 5;
/** Lowest frequency of the logarithmic axis in Hz; it has as many points as the spectrum has bins. */
const axisLowHz = 25;
/** Where the weight of a frequency is one half, Hz. */
const halfWeightHz = 31.7773;
/** A harmonic's shift is rounded down to a whole step up to this fraction of one. */
const roundDown = 0.6;

/**
 * Plans the summation. Bins that are neither within two of a local maximum nor below the first one are set to 0, the others smoothed by
 * (¼, ½, ¼), interpolated by a natural cubic spline over log2 f at equal steps of log2 f from 25 Hz to half the sample rate, weighted by
 * ½ + arctan(3 log2(f / 31.8 Hz)) / π, shifted by log2(n), weighted by decayⁿ⁻¹ and added. Peaks are refined by a parabola. What Hermes
 * leaves open follows openSMILE 3.0, measured stage by stage at 16 kHz and 1024 points.
 */
export function subharmonicSummation(options: SubharmonicOptions): SubharmonicSummation {
  const { sampleRate, fftSize, lowHz = 55, highHz = 1000, harmonics = 15, decay = 0.85, peaks = 6 } = options;
  const bins = fftSize / 2 + 1;
  const octaves = Math.log2(sampleRate / 2 / axisLowHz);
  const step = octaves / (bins - 1);
  // Whole passes of `together` harmonics: those beyond the last one weigh nothing.
  const passes = Math.ceil(harmonics / together);
  const shifts = Uint32Array.from({ length: passes * together }, (_, n) =>
    n < harmonics ? Math.floor(Math.log2(n + 1) / step + 1 - roundDown) : 0,
  );
  const weights = Float64Array.from({ length: passes * together }, (_, n) =>
    n < harmonics ? decay ** n : 0,
  );

  // Bins on the axis of log2 f; bin 0, which has none, stands an octave below bin 1.
  const knots = Float64Array.from({ length: bins }, (_, k) =>
    Math.log2(((k === 0 ? 0.5 : k) * sampleRate) / fftSize),
  );
  // Each point of the axis: the bin below it, the weights of that bin's and the next one's value and bend.
  const lower = new Uint32Array(bins);
  const valueBelow = new Float64Array(bins);
  const valueAbove = new Float64Array(bins);
  const bendBelow = new Float64Array(bins);
  const bendAbove = new Float64Array(bins);
  for (let j = 0; j < bins; j++) {
    const at = Math.log2(axisLowHz) + j * step;
    const k = Math.max(0, Math.min(bins - 2, Math.floor((2 ** at * fftSize) / sampleRate + 1e-9)));
    lower[j] = k;
    const octavesAboveHalf = Math.log2(axisLowHz / halfWeightHz) + (j * octaves) / bins;
    const audibility = 0.5 + Math.atan(3 * octavesAboveHalf) / Math.PI;
    const width = knots[k + 1]! - knots[k]!;
    const b = (at - knots[k]!) / width;
    const a = 1 - b;
    valueBelow[j] = a * audibility;
    valueAbove[j] = b * audibility;
    bendBelow[j] = (((a * a * a - a) * width * width) / 6) * audibility;
    bendAbove[j] = (((b * b * b - b) * width * width) / 6) * audibility;
  }
  const spline = naturalSpline(knots);
  const kept = new Float64Array(bins);
  const smooth = new Float64Array(bins);
  // Zeros beyond its end, so that every harmonic can be added at every point.
  const axis = new Float64Array(bins + Math.max(...shifts));
  const sums = new Float64Array(bins);
  const best = new Int32Array(peaks);

  return {
    most: peaks,
    candidatesInto(magnitudes, hz, salience) {
      keepPeaks(magnitudes, kept);
      smooth[0] = 0.5 * kept[0] + 0.25 * kept[1];
      smooth[bins - 1] = magnitudes[bins - 1];
      for (let k = 1; k < bins - 1; k++) smooth[k] = 0.25 * kept[k - 1] + 0.5 * kept[k] + 0.25 * kept[k + 1];

      const bend = spline(smooth);
      for (let j = 0; j < bins; j++) {
        const k = lower[j];
        const value =
          valueBelow[j] * smooth[k] +
          valueAbove[j] * smooth[k + 1] +
          bendBelow[j] * bend[k] +
          bendAbove[j] * bend[k + 1];
        axis[j] = Math.max(value, 0);
      }

      sums.fill(0);
      for (let n = 0; n < passes * together; n += together) addHarmonics(axis, sums, shifts, weights, n);
      let mean = sums[0] + sums[bins - 1];
      let found = 0;
      for (let i = 1; i < bins - 1; i++) {
        mean += sums[i];
        if (!(sums[i] > sums[i - 1] && sums[i] >= sums[i + 1])) continue;
        if (found === peaks && sums[i] <= sums[best[peaks - 1]]) continue;
        let place = found < peaks ? found++ : peaks - 1;
        for (; place > 0 && sums[i] > sums[best[place - 1]]; place--) best[place] = best[place - 1];
        best[place] = i;
      }
      mean /= bins;

      let count = 0;
      for (let n = 0; n < found; n++) {
        const i = best[n];
        const left = sums[i - 1];
        const right = sums[i + 1];
        const shift = (0.5 * (left - right)) / (left - 2 * sums[i] + right);
        const candidate = axisLowHz * 2 ** ((i + shift) * step);
        if (candidate < lowHz || candidate > highHz) continue;
        const clarity = 1 - mean / (sums[i] - 0.25 * (left - right) * shift);
        // One that the parabola lifts above the first takes its place before it.
        const place = count > 0 && clarity > salience[0] ? 0 : count;
        for (let k = count; k > place; k--) {
          hz[k] = hz[k - 1];
          salience[k] = salience[k - 1];
        }
        hz[place] = candidate;
        salience[place] = clarity;
        count++;
      }
      return count;
    },
  };
}

/** Adds `together` harmonics from the nth on to the sums: one pass over the sums for all of them takes half the time of one for each. */
function addHarmonics(
  axis: Float64Array,
  sums: Float64Array,
  shifts: Uint32Array,
  weights: Float64Array,
  n: number,
): void {
  let a = shifts[n];
  let b = shifts[n + 1];
  let c = shifts[n + 2];
  let d = shifts[n + 3];
  let e = shifts[n + 4];
  const [u, v, w, x, y] = weights.subarray(n, n + together) as unknown as number[];
  for (let i = 0; i < sums.length; i++)
    sums[i] += u! * axis[a++] + v! * axis[b++] + w! * axis[c++] + x! * axis[d++] + y! * axis[e++];
}

/** Copies `values`, with zeros beyond two places from each local maximum, but for those below the first maximum and the last value. */
function keepPeaks(values: Float64Array, kept: Float64Array): void {
  const last = values.length - 1;
  let from = 0;
  for (let k = 0; k <= last; k++) {
    const peak = (k === 0 || values[k] > values[k - 1]) && (k === last || values[k] >= values[k + 1]);
    if (!peak) continue;
    if (from > 0) for (let i = from; i < k - 2; i++) kept[i] = 0;
    const start = from === 0 ? 0 : Math.max(from, k - 2);
    const end = Math.min(last, k + 2);
    for (let i = start; i <= end; i++) kept[i] = values[i];
    from = end + 1;
  }
  kept.fill(0, from);
  kept[last] = values[last];
}

/** Plans a natural cubic spline over rising knots; the returned function gives the second derivatives in a buffer of its own. */
function naturalSpline(knots: Float64Array): (values: Float64Array) => Float64Array {
  const size = knots.length;
  const widths = Float64Array.from({ length: size - 1 }, (_, k) => knots[k + 1]! - knots[k]!);
  const inverse = widths.map((width) => 1 / width);
  const factors = new Float64Array(size);
  const pivots = new Float64Array(size);
  for (let k = 1; k < size - 1; k++) {
    const below = widths[k - 1];
    const above = widths[k];
    pivots[k] = 1 / (2 * (below + above) - below * factors[k - 1]);
    factors[k] = above * pivots[k];
  }
  const bend = new Float64Array(size);
  return (values) => {
    bend[0] = 0;
    bend[size - 1] = 0;
    let slope = (values[1] - values[0]) * inverse[0];
    for (let k = 1; k < size - 1; k++) {
      const next = (values[k + 1] - values[k]) * inverse[k];
      bend[k] = (6 * (next - slope) - bend[k - 1] * widths[k - 1]) * pivots[k];
      slope = next;
    }
    for (let k = size - 2; k > 0; k--) bend[k] -= factors[k] * bend[k + 1];
    return bend;
  };
}
