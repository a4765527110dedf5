/** Shimmer: how far the amplitudes of neighbouring glottal periods differ. */
import type { Samples } from "../math/fft.js";
import { mean } from "../math/statistics.js";
import { comparable, periodsOf } from "./periods.js";
import { meanDifference, meanPerturbation } from "./perturbation.js";

export interface ShimmerOptions {
  readonly sampleRate: number;
  /** Ascending pulses in seconds. */
  readonly pulses: Float64Array;
}

/** Shares of the mean amplitude, `localDb` in dB; NaN with too few periods. */
export interface Shimmer {
  /** Mean difference of neighbouring amplitudes. */
  readonly local: number;
  /** Mean difference of neighbouring levels. */
  readonly localDb: number;
  /** Mean distance of an amplitude from the average of itself and its two neighbours (three-point amplitude perturbation quotient). */
  readonly apq3: number;
  /** The same with four neighbours. */
  readonly apq5: number;
}

/** Greatest ratio of neighbouring amplitudes that are compared; Praat's default. */
const greatestRatio = 1.6;
/** Share of the period before and of the one after a pulse that its amplitude is taken from; measured on impulses in Praat. */
const windowShare = 0.2;

/** Returns the shimmer of the pulses, with Praat's definitions and limits. */
export function shimmer(samples: Samples, { sampleRate, pulses }: ShimmerOptions): Shimmer {
  const amplitudes = pulseAmplitudes(samples, sampleRate, pulses);
  const alike = (i: number): boolean => {
    const low = Math.min(amplitudes[i], amplitudes[i + 1]);
    return low > 0 && Math.max(amplitudes[i], amplitudes[i + 1]) <= greatestRatio * low;
  };
  const levels = amplitudes.map((value) => 20 * Math.log10(value));
  const average = mean(amplitudes.filter((value) => value > 0));
  return {
    local: meanDifference(amplitudes, alike) / average,
    localDb: meanDifference(levels, alike),
    apq3: meanPerturbation(amplitudes, { points: 3, alike }) / average,
    apq5: meanPerturbation(amplitudes, { points: 5, alike }) / average,
  };
}

/** Root mean square about each pulse under a Hann window; 0 where the intervals beside it are no comparable periods. */
function pulseAmplitudes(samples: Samples, sampleRate: number, pulses: Float64Array): Float64Array {
  const periods = periodsOf(pulses);
  return pulses.map((pulse, i) => {
    if (!comparable(periods[i - 1], periods[i])) return 0;
    const centre = pulse * sampleRate - 0.5;
    const before = windowShare * periods[i - 1] * sampleRate;
    const after = windowShare * periods[i] * sampleRate;
    const from = Math.max(0, Math.ceil(centre - before));
    const to = Math.min(samples.length - 1, Math.floor(centre + after));
    let square = 0;
    let weight = 0;
    for (let n = from; n <= to; n++) {
      const w = 0.5 + 0.5 * Math.cos((Math.PI * (n - centre)) / (n < centre ? before : after));
      square += (w * samples[n]) ** 2;
      weight += w * w;
    }
    return weight > 0 ? Math.sqrt(square / weight) : 0;
  });
}
