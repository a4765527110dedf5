/** Peaks between samples of curves whose place and height are known. */
import { describe, expect, it } from "vitest";
import { type Peak, parabolicPeak, refinePeak, sincValue } from "./sinc-peak.js";

const curve = Float64Array.from({ length: 400 }, (_, i) => Math.cos((2 * Math.PI * (i - 200.37)) / 7));

describe("sincValue", () => {
  it("gives a band-limited curve between its samples, and the samples themselves", () => {
    for (const at of [120.5, 180.01, 200.37, 250.99])
      expect(sincValue(curve, at, 60)).toBeAllClose(Math.cos((2 * Math.PI * (at - 200.37)) / 7), {
        atol: 2e-3,
      });
    expect(sincValue(curve, 150, 60)).toBe(curve[150]);
  });
});

describe("refinePeak", () => {
  it("finds the place and height of a sharp peak, which a parabola through the samples misses", () => {
    const peak: Peak = { at: 0, height: 0 };
    parabolicPeak(curve, 200, peak);
    expect(1 - peak.height).toBeGreaterThan(2e-3);
    refinePeak(curve, peak, 60);
    expect(peak.at).toBeAllClose(200.37, { atol: 0.005 });
    expect(peak.height).toBeAllClose(1, { atol: 1e-3 });
  });

  it("finds the vertex of a parabola exactly", () => {
    const parabola = Float64Array.from({ length: 9 }, (_, i) => 3 - 0.1 * (i - 4.2) ** 2);
    const peak: Peak = { at: 0, height: 0 };
    parabolicPeak(parabola, 4, peak);
    expect([peak.at, peak.height]).toBeAllClose([4.2, 3], { atol: 1e-12 });
  });
});
