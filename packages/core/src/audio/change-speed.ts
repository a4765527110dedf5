/** Plays a waveform faster or slower, as a tape does: tempo and pitch change together. */
import { resample } from "./resample.js";
import type { Waveform } from "./waveform.js";

/** The speeds that may be asked for. */
export const speedLimits = { slowest: 0.5, fastest: 2 } as const;

/** Returns whether a number is a speed that `changeSpeed` takes. */
export function isSpeed(value: unknown): value is number {
  return typeof value === "number" && value >= speedLimits.slowest && value <= speedLimits.fastest;
}

/**
 * Returns the waveform played at `speed` (1.1: a tenth faster and higher) at its own sample rate: `ceil(length / speed)` samples, what was
 * at frequency f is at f × speed. The samples are taken for ones at `speed` times their rate, rounded to a whole Hz, and resampled back.
 * Speed 1 gives the same object.
 * @throws RangeError for a speed outside 0.5 to 2; UndertoneError as `resample`.
 */
export function changeSpeed(wave: Waveform, speed: number): Waveform {
  if (!isSpeed(speed)) throw new RangeError(`changeSpeed: got a speed of ${speed}, expected 0.5 to 2`);
  if (speed === 1) return wave;
  const { samples, sampleRate } = wave;
  return resample({ samples, sampleRate: Math.round(sampleRate * speed) }, sampleRate);
}
