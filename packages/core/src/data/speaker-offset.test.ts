/** Offsets of speakers in closed form. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrixFromRows } from "../math/matrix.js";
import { functionalsTable } from "./feature-table.js";
import { columnMeans, speakerOffset, takeOff } from "./speaker-offset.js";

const table = functionalsTable(
  ["a", "b", "c"],
  ["x", "y"],
  matrixFromRows([
    [1, 10],
    [3, 20],
    [8, 0],
  ]),
);

describe("speakerOffset", () => {
  it("is the shrunk distance of the speaker's mean from all speakers'", () => {
    const mean = columnMeans(table, [0, 1]);
    expect(mean).toBeAllClose([2, 15], { atol: 1e-12 });
    expect(columnMeans(table)).toBeAllClose([4, 10], { atol: 1e-12 });
    expect(speakerOffset({ count: 2, mean }, [4, 10], 4)).toBeAllClose([-2 / 3, 5 / 3], { atol: 1e-12 });
    expect(speakerOffset({ count: 2, mean }, [4, 10], 0)).toBeAllClose([-2, 5], { atol: 1e-12 });
  });

  it("is nothing for a speaker of whom nothing is known, whatever stands in the mean", () => {
    expect(speakerOffset({ count: 0, mean: [Number.NaN, 7] }, [4, 10], 0)).toBeAllClose([0, 0], { atol: 0 });
  });

  it("is (sum + shrinkage · centre) / (count + shrinkage) − centre", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.double({ min: -9, max: 9, noNaN: true }),
        (count, shrinkage, mean, centre) => {
          const expected = (count * mean + shrinkage * centre) / (count + shrinkage) - centre;
          expect(speakerOffset({ count, mean: [mean] }, [centre], shrinkage)).toBeAllClose([expected], {
            atol: 1e-9,
          });
        },
      ),
    );
  });

  it("is taken off each row, and the table stays as it was", () => {
    const moved = takeOff(table, (row) => [row, 1]);
    expect(moved.frames.data).toBeAllClose([1, 9, 2, 19, 6, -1], { atol: 0 });
    expect(table.frames.data).toBeAllClose([1, 10, 3, 20, 8, 0], { atol: 0 });
  });
});
