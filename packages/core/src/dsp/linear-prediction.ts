/** Linear prediction: the all-pole model of a frame, and the formants that are its resonances. */
import { rootFinder } from "../math/polynomial-roots.js";

/**
 * Writes the coefficients (1, a₁, …, aₚ) of the prediction error filter A(z) of order p = `filter`.length − 1 for the autocorrelation r[0..p] to
 * `filter` (Levinson 1947, Durbin 1960); returns the error's energy over r[0], 0..1. White, (1, 0, …), where r[0] is 0.
 */
export function levinsonDurbin(autocorrelation: Float64Array, filter: Float64Array): number {
  const order = filter.length - 1;
  filter.fill(0);
  filter[0] = 1;
  const start = autocorrelation[0];
  if (!(start > 0)) return 1;
  let error = start;
  for (let i = 1; i <= order; i++) {
    let sum = autocorrelation[i];
    for (let j = 1; j < i; j++) sum += filter[j] * autocorrelation[i - j];
    const reflection = -sum / error;
    for (let j = 1, k = i - 1; j <= k; j++, k--) {
      const low = filter[j];
      const high = filter[k];
      filter[j] = low + reflection * high;
      if (j !== k) filter[k] = high + reflection * low;
    }
    filter[i] = reflection;
    error *= 1 - reflection * reflection;
    if (!(error > 0)) return 0;
  }
  return error / start;
}

/** Resonances in ascending order of frequency. */
export interface Resonances {
  count: number;
  readonly frequencyHz: Float64Array;
  readonly bandwidthHz: Float64Array;
}

/** Plans the resonances of filters of one order. Not for concurrent use. */
export interface ResonanceFinder {
  /**
   * Returns the resonances of (1, a₁, …, aₚ) from 50 Hz to the highest frequency asked for: a pair of roots r e^(±iφ) resonates at φ fs / 2π
   * with the bandwidth |ln r| fs / π. The result is overwritten by the next call.
   */
  find(filter: Float64Array): Resonances;
}

const marginHz = 50;

export function resonanceFinder({
  order,
  sampleRate,
  highestHz = sampleRate / 2 - marginHz,
}: {
  readonly order: number;
  readonly sampleRate: number;
  /** Default 50 Hz below half the sample rate. */
  readonly highestHz?: number;
}): ResonanceFinder {
  const roots = rootFinder(order);
  const result = {
    count: 0,
    frequencyHz: new Float64Array(order),
    bandwidthHz: new Float64Array(order),
  };
  const { frequencyHz, bandwidthHz } = result;
  return {
    find(filter) {
      let count = 0;
      result.count = 0;
      // White: every root is 0 and nothing resonates.
      if (filter.every((value, i) => i === 0 || value === 0)) return result;
      roots.find(filter);
      for (let i = 0; i < order; i++) {
        if (!(roots.im[i] > 0)) continue;
        const hz = (Math.atan2(roots.im[i], roots.re[i]) * sampleRate) / (2 * Math.PI);
        if (hz < marginHz || hz > highestHz) continue;
        const width =
          (Math.abs(Math.log(roots.re[i] * roots.re[i] + roots.im[i] * roots.im[i])) * sampleRate) /
          (2 * Math.PI);
        let at = count++;
        for (; at > 0 && frequencyHz[at - 1] > hz; at--) {
          frequencyHz[at] = frequencyHz[at - 1];
          bandwidthHz[at] = bandwidthHz[at - 1];
        }
        frequencyHz[at] = hz;
        bandwidthHz[at] = width;
      }
      result.count = count;
      return result;
    },
  };
}
