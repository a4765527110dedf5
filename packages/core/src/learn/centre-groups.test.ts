/** Groups lose their means by the share asked for. */
import { describe, expect, it } from "vitest";
import { matrixFromRows } from "../math/matrix.js";
import { centreGroups } from "./centre-groups.js";

describe("centreGroups", () => {
  const x = matrixFromRows([[1], [3], [10], [14], [12]]); // means 2 and 12, of all 8
  const groups = Int32Array.of(7, 7, 0, 0, 0);

  it("gives every group the mean of all", () => {
    expect(centreGroups(x, groups, 1).data).toBeAllClose([7, 9, 6, 10, 8], { atol: 1e-6 });
  });

  it("goes part of the way", () => {
    expect(centreGroups(x, groups, 0.5).data).toBeAllClose([4, 6, 8, 12, 10], { atol: 1e-6 });
  });
});
