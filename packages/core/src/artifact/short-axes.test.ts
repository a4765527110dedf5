/** Short axes: what recordings are along them stays, in those that were looked at and in others. */
import { describe, expect, it } from "vitest";
import { functionalsTable } from "../data/feature-table.js";
import { standardized } from "../data/standardized.js";
import { alongAxes, coarseAxis } from "../math/coarse-axes.js";
import { matrixFromRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import { referenceProfile } from "./reference-profile.js";
import { withShortAxes } from "./short-axes.js";

const features = 400;
const chance = random("short axes");
/** Five causes, which every feature shares in. */
const causes = Array.from({ length: 5 }, () => Array.from({ length: features }, () => chance.normal()));

function rows(count: number): number[][] {
  return Array.from({ length: count }, () => {
    const strengths = causes.map(() => 3 * chance.normal());
    return Array.from({ length: features }, (_, j) =>
      causes.reduce((sum, cause, k) => sum + strengths[k] * cause[j], 7 + chance.normal()),
    );
  });
}

const table = functionalsTable(
  Array.from({ length: 200 }, (_, i) => String(i)),
  Array.from({ length: features }, (_, j) => `f${j}`),
  matrixFromRows(rows(200)),
);
const reference = referenceProfile(table);
const axes = causes.map((cause) => coarseAxis(cause));
const speakers = { shrinkage: 2, axes };

describe("withShortAxes", () => {
  it("keeps where recordings are along axes of half a byte a value", () => {
    const short = withShortAxes({ reference, speakers }, table, { fewest: 1 }).speakers.axes;
    expect(
      short.flatMap(({ steps }) => steps).every((step) => Number.isInteger(step) && Math.abs(step) <= 7),
    ).toBe(true);
    for (const { scale } of short) expect(Math.fround(scale)).toBe(scale);
    const sums = { moved: 0, along: 0 };
    for (const row of rows(100)) {
      const x = standardized(row, reference);
      const before = alongAxes(x, axes);
      alongAxes(x, short).forEach((value, k) => {
        sums.moved += (value - before[k]) ** 2;
        sums.along += before[k] ** 2;
      });
    }
    expect(Math.sqrt(sums.moved / sums.along)).toBeLessThan(0.02);
  });

  it("leaves an axis that half a byte would turn, and what has no axes", () => {
    // Two features that are nearly one: along their difference hardly anything is left.
    const alike = matrixFromRows([
      [1, 1],
      [0, 0.02],
      [-1, -1],
    ]);
    const two = functionalsTable(["a", "b", "c"], ["x", "y"], alike);
    const own = {
      reference: referenceProfile(two),
      speakers: { shrinkage: 2, axes: [coarseAxis([1, -0.94])] },
    };
    expect(withShortAxes(own, two, { fewest: 1 })).toEqual(own);
    expect(withShortAxes({ reference, speakers }, table)).toEqual({ reference, speakers });
    expect(withShortAxes({ reference }, table)).toEqual({ reference });
  });
});
