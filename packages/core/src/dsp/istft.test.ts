/** The inverse transform gives back what was transformed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../math/random.js";
import { istft } from "./istft.js";
import { stft } from "./stft.js";
import { hann } from "./window.js";

const noise = (length: number, seed: number): Float32Array => {
  const rng = random(seed);
  return Float32Array.from({ length }, () => rng.normal());
};

describe("istft", () => {
  it("gives the signal back, whatever its length, window and overlap", () => {
    const sizes = fc.constantFrom(
      { fftSize: 64, hopSamples: 16 },
      { fftSize: 256, hopSamples: 128 },
      { fftSize: 400, hopSamples: 100, window: hann(300) },
    );
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 2000 }), (options, length) => {
        const signal = noise(length, length);
        const back = istft(stft(signal, options), { ...options, length });
        // The last samples lie under the tail of one window only, where little of them is left.
        const safe = Math.max(0, length - options.fftSize);
        expect(back.subarray(0, safe)).toBeAllClose(signal.subarray(0, safe), { atol: 1e-5 });
        expect(back).toHaveLength(length);
      }),
      { numRuns: 40 },
    );
  });

  it("is linear: half the spectrogram is half the signal", () => {
    const options = { fftSize: 128, hopSamples: 32 };
    const signal = noise(1000, 3);
    const { re, im } = stft(signal, options);
    const half = {
      re: { ...re, data: re.data.map((x) => x / 2) },
      im: { ...im, data: im.data.map((x) => x / 2) },
    };
    const back = istft(half, { ...options, length: 1000 });
    expect(back.subarray(0, 850)).toBeAllClose(
      signal.subarray(0, 850).map((x) => x / 2),
      { atol: 1e-5 },
    );
  });
});
