/** Frame counts and windows in closed form. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstSample, frameCount } from "./framing.js";
import { hann } from "./window.js";

describe("frameCount", () => {
  it("counts whole frames, or centres them as librosa does", () => {
    const plain = { frameSamples: 512, hopSamples: 160, center: false };
    expect([0, 511, 512, 671, 672].map((n) => frameCount(n, plain))).toEqual([0, 0, 1, 1, 2]);
    expect(frameCount(16000, { frameSamples: 512, hopSamples: 160 })).toBe(101);
    expect(firstSample(plain)).toBe(0);
    expect(firstSample({ frameSamples: 512, hopSamples: 160 })).toBe(-256);
  });

  it("never lets an uncentred frame reach beyond the signal, nor leaves room for one more", () => {
    const sizes = fc.record({
      samples: fc.integer({ min: 0, max: 5000 }),
      frameSamples: fc.integer({ min: 1, max: 900 }),
      hopSamples: fc.integer({ min: 1, max: 400 }),
    });
    fc.assert(
      fc.property(sizes, ({ samples, frameSamples, hopSamples }) => {
        const count = frameCount(samples, { frameSamples, hopSamples, center: false });
        if (count > 0) expect((count - 1) * hopSamples + frameSamples).toBeLessThanOrEqual(samples);
        expect(count * hopSamples + frameSamples).toBeGreaterThan(samples);
      }),
    );
  });

  it("refuses frames and hops under one sample", () => {
    expect(() => frameCount(10, { frameSamples: 0, hopSamples: 1 })).toThrow(RangeError);
    expect(() => frameCount(10, { frameSamples: 4, hopSamples: 0.5 })).toThrow(RangeError);
  });
});

describe("hann", () => {
  it("adds up to a constant at a quarter of its length and is 1 in the middle", () => {
    const window = hann(512);
    expect(window[0]).toBe(0);
    expect(window[256]).toBe(1);
    for (let n = 0; n < 128; n++) {
      expect(window[n] + window[n + 128] + window[n + 256] + window[n + 384]).toBeAllClose(2, {
        atol: 1e-12,
      });
    }
  });
});
