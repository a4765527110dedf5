/** A band of frequencies, as a telephone or a cheap microphone lets it through. */

import { defineAugmentation } from "./augmentation.js";
import { convolve } from "./convolve.js";

/** Width of the filter's slopes in Hz. */
const slopeHz = 150;

/**
 * Returns a band-pass filter: the difference of two Blackman-windowed sincs, symmetric, of odd length; half the amplitude passes at
 * `lowHz` and `highHz`. 0 and half the sample rate leave that side open.
 */
function bandPass(lowHz: number, highHz: number, sampleRate: number): Float64Array {
  const half = Math.ceil((2.75 * sampleRate) / slopeHz);
  const sinc = (hz: number, n: number): number =>
    n === 0 ? (2 * hz) / sampleRate : Math.sin((2 * Math.PI * hz * n) / sampleRate) / (Math.PI * n);
  return Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const n = i - half;
    const phase = (Math.PI * n) / (half + 1);
    const window = 0.42 + 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase);
    const upper = highHz >= sampleRate / 2 ? (n === 0 ? 1 : 0) : sinc(highHz, n);
    return window * (upper - (lowHz > 0 ? sinc(lowHz, n) : 0));
  });
}

/** Frequencies from `lowHz` to `highHz` pass, others fall by 70 dB within 150 Hz; without delay. */
export const bandLimit = defineAugmentation({
  kind: "band-limit",
  summary: "Lets only a band of frequencies through, in Hz.",
  parameters: {
    lowHz: { default: 0, least: 0, most: 96000 },
    highHz: { default: 96000, least: 1, most: 96000 },
  },
  apply({ samples, sampleRate }, { lowHz, highHz }) {
    if (lowHz >= highHz)
      throw new RangeError(`band-limit: got ${lowHz} to ${highHz} Hz, expected the lower one first`);
    const kernel = bandPass(lowHz, highHz, sampleRate);
    return { samples: convolve(samples, kernel, { delay: (kernel.length - 1) / 2 }), sampleRate };
  },
});
