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

  it("knows no slopes in a constant or in nothing", () => {
    for (const values of [[], [1], [2, 2, 2, 2, 2, 2]])
      expect(slopes(values)).toMatchObject({ peaks: 0, meanRising: 0, meanFalling: 0 });
  });
});
