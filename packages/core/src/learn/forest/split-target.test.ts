/** The best cut of numbers, in closed form. */
import { expect, it } from "vitest";
import { valueTarget } from "./split-target.js";

it("cuts four values where the variance within the sides is least", () => {
  const target = valueTarget(Float64Array.of(1, 1, 5, 5), 1, Float64Array.of(1, 1, 1, 1));
  const rows = Uint32Array.of(0, 1, 2, 3);
  expect(target.enter(rows, 0, 4)).toBe(true);
  const cut = { gain: Number.NEGATIVE_INFINITY, count: 0 };
  target.scan(Int32Array.of(0, 1, 2, 3), Uint32Array.of(0, 1, 2, 3), { size: 4, minLeaf: 1 }, cut);
  expect(cut).toEqual({ gain: 2 ** 2 / 2 + 10 ** 2 / 2, count: 2 });
  const means: number[] = [];
  target.pushMeans(means);
  expect(means).toEqual([3]);
});
