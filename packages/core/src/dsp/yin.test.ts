/** YIN of a periodic signal, in frames of whole hops, which are correlated by blocks, and others. */
import { describe, expect, it } from "vitest";
import { yin } from "./yin.js";

const sampleRate = 16000;
const range = { sampleRate, lowHz: 65, highHz: 2000 };

describe.each([
  ["of whole hops", 2048, 512],
  ["of whole short hops", 2048, 256],
  ["that hops do not divide", 1024, 160],
])("frames %s", (_name, frameSamples, hopSamples) => {
  it("have the F0 of a periodic signal", () => {
    const samples = Float32Array.from({ length: sampleRate }, (_, i) =>
      [1, 2, 3, 4].reduce(
        (sum, k) => sum + (0.2 / k) * Math.cos((2 * Math.PI * 200 * k * i) / sampleRate),
        0,
      ),
    );
    const { f0Hz, aperiodicity } = yin(samples, { ...range, frameSamples, hopSamples });
    const inside = (t: number): boolean =>
      t * hopSamples >= frameSamples && (t + 1) * hopSamples + frameSamples <= samples.length;
    f0Hz.forEach((f0, t) => {
      if (!inside(t)) return;
      expect(f0).toBeCloseTo(200, 0);
      expect(aperiodicity[t]).toBeLessThan(0.1);
    });
  });
});
