/** Statistics against hand-computed and numpy's documented values. */
import { describe, expect, it } from "vitest";
import { interpolate, mean, percentiles, slope, standardDeviation } from "./statistics.js";

describe("statistics", () => {
  it("mean and deviation of small lists", () => {
    expect(mean([1, 2, 3, 6])).toBe(3);
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBe(2);
    expect(mean([])).toBeNaN();
  });

  it("percentiles interpolate as numpy.percentile", () => {
    expect(percentiles([15, 40, 20, 50, 35], [0, 5, 30, 40, 50, 100])).toBeAllClose([15, 16, 23, 29, 35, 50]);
    expect(percentiles([7], [0, 50, 100])).toEqual([7, 7, 7]);
  });

  it("slope of a line is its slope, of one abscissa 0", () => {
    expect(slope([1, 3, 5, 7], [0, 1, 2, 3])).toBeAllClose(2);
    expect(slope([1, 5], [3, 3])).toBe(0);
  });

  it("interpolates and holds the ends", () => {
    expect([-1, 0, 1, 3, 9].map((x) => interpolate(x, [0, 2, 4], [10, 20, 0]))).toEqual([10, 10, 15, 10, 0]);
  });
});
