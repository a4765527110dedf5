/** Peaks and slopes of contours; expected values are openSMILE 3.0's for the same values at 100 per second. */
import { describe, expect, it } from "vitest";
import { contourSlopes } from "./contour.js";

const slopes = (values: readonly number[]) => contourSlopes(Float64Array.from(values), 0.01);

describe("contourSlopes", () => {
  it("gives openSMILE's slopes of a contour whose last extremum stands too near the end", () => {
    const found = slopes([0, 1, 2, 3, 4, 5, 4, 3, 2, 1, 2, 3, 2, 1.5, 3, 6, 4, 2, 0, 1, 2, 1]);
    expect(found.peaks).toBe(3);
    expect(found.meanRising).toBeAllClose(114.583336, { rtol: 1e-6 });
    expect(found.deviationRising).toBeAllClose(56.163128, { rtol: 1e-6 });
    expect(found.meanFalling).toBeAllClose(125, { rtol: 1e-6 });
    expect(found.deviationFalling).toBeAllClose(54.006172, { rtol: 1e-6 });
  });

  it("keeps the first of two peaks unless the second is 5 % or a tenth of the range higher", () => {
    const rise = (second: number): number =>
      slopes([5, 0, 10, 0, 3, 5, 4.9, second, 3, 0, 10, 0, 5]).meanRising;
    expect(rise(5.3)).toBeLessThan(rise(5.2));
  });

  it("gives openSMILE's one slope of a contour without extrema: per value, with its sign", () => {
    const rises = [56.7086, 56.7202, 56.7274, 56.7388];
    const falls = [34.8055, 34.6775, 34.3822, 33.9045, 33.5006, 33.3354];
    expect(slopes(rises)).toMatchObject({ peaks: 0, meanFalling: 0, deviationRising: 0 });
    expect(slopes(rises).meanRising).toBeAllClose(0.0076, { atol: 1e-4 });
    expect(slopes(falls)).toMatchObject({ peaks: 0, meanRising: 0, deviationFalling: 0 });
    expect(slopes(falls).meanFalling).toBeAllClose(-0.245, { atol: 1e-4 });
  });

  it("measures the first peak from the local valley before it, as openSMILE does", () => {
    const found = slopes([
      36.7865, 36.8302, 36.8967, 36.8864, 36.8283, 36.7478, 36.6776, 36.654, 36.7377, 36.8594, 36.9489,
      36.9184, 36.8262, 36.6905, 36.5236, 36.324, 36.1387, 35.9811, 35.856, 35.728, 35.5916, 35.4435, 35.2965,
      35.1628, 35.0708, 35.0261, 34.9869, 34.8333, 34.5908, 34.4235,
    ]);
    expect(found.peaks).toBe(1);
    expect(found.meanRising).toBeAllClose(1.624, { atol: 1e-3 });
    expect(found.meanFalling).toBeAllClose(-13.2919, { atol: 1e-3 });
  });

  it("knows no slopes in a constant or in nothing", () => {
    for (const values of [[], [1], [2, 2, 2, 2, 2, 2]])
      expect(slopes(values)).toMatchObject({ peaks: 0, meanRising: 0, meanFalling: 0 });
  });
});
