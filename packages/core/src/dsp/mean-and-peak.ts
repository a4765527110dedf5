/** The offset of a stretch of a signal, and how far the signal swings about it. */
import type { Samples } from "../math/fft.js";

/** Returns the mean of the samples from `from` up to `to` that exist; 0 for none. */
export function meanBetween(samples: Samples, from: number, to: number): number {
  const first = Math.max(0, from);
  const end = Math.min(samples.length, to);
  let sum = 0;
  for (let i = first; i < end; i++) sum += samples[i];
  return end > first ? sum / (end - first) : 0;
}

/** Returns the greatest distance from `mean` of the samples from `from` up to `to` that exist; 0 for none. */
export function peakBetween(samples: Samples, mean: number, [from, to]: readonly [number, number]): number {
  let peak = 0;
  for (let i = Math.max(0, from), end = Math.min(samples.length, to); i < end; i++)
    peak = Math.max(peak, Math.abs(samples[i] - mean));
  return peak;
}
