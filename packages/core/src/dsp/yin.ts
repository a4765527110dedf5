/** Fundamental frequency by YIN (de Cheveigné & Kawahara 2002), as librosa computes it. */
import type { Samples } from "../math/fft.js";
import {
  forEachNormalizedDifference,
  isTrough,
  type PeriodOptions,
  type PeriodRange,
  parabolicShift,
  periodRange,
} from "./normalized-difference.js";

export interface YinOptions extends PeriodOptions {
  /** A trough below this is taken as the period, the first one wins. Default 0.1. */
  readonly threshold?: number | undefined;
}

/** F0 in Hz per frame and the normalized difference (aperiodicity, 0 periodic, about 1 noise) at its period. */
export interface YinTrack {
  readonly f0Hz: Float32Array;
  readonly aperiodicity: Float32Array;
}

/**
 * Returns the track of `librosa.yin` 0.11: the normalized difference, first trough below the threshold or else the global minimum,
 * parabolic refinement. Every frame gets an F0; `aperiodicity` says how far to trust it (librosa does not return it).
 * @throws RangeError as `periodRange`.
 */
export function yin(samples: Samples, options: YinOptions): YinTrack {
  const tracker = yinTracker(periodRange(samples.length, options), options);
  forEachNormalizedDifference(samples, options, (normalized) => tracker.add(normalized));
  return tracker.finish();
}

/** Takes the normalized difference of one frame after the other; `yin` in parts, for who wants pYIN of the same frames as well. */
export interface YinTracker {
  add(normalized: Float64Array): void;
  finish(): YinTrack;
}

/** Returns a tracker for the frames and periods of `periodRange`. */
export function yinTracker(
  { frames, minPeriod }: PeriodRange,
  { sampleRate, threshold = 0.1 }: YinOptions,
): YinTracker {
  const f0Hz = new Float32Array(frames);
  const aperiodicity = new Float32Array(frames);
  let t = 0;
  return {
    add(normalized) {
      const at = pickTrough(normalized, threshold);
      f0Hz[t] = sampleRate / (minPeriod + at + parabolicShift(normalized, at));
      aperiodicity[t++] = Math.min(1, Math.max(0, normalized[at]));
    },
    finish: () => ({ f0Hz, aperiodicity }),
  };
}

/** The first trough below the threshold, else the global minimum. */
function pickTrough(values: Float64Array, threshold: number): number {
  let least = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < values[least]) least = i;
    if (values[i] < threshold && isTrough(values, i)) return i;
  }
  return least;
}
