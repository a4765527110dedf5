/** Means of the least and greatest values: closed form, and SIMD against sorting to the last bit. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extremeMeans, extremesKernel } from "./extreme-means.js";

describe("extremeMeans", () => {
  it.each([extremesKernel([1, 2]).open(), extremesKernel([1, 2]).openPlain()])(
    "takes the ends of a stretch, %o",
    (loops) => {
      const data = Float32Array.of(9, 1, 7, 3, 5, -8, 9, 4, 2, 8, 6, 0);
      const stretches = [
        { from: 1, to: 5, count: 2 },
        { from: 0, to: 6, count: 1 },
        { from: 2, to: 3, count: 1 },
      ];
      const { least, greatest } = extremeMeans(data, { cols: 6, stretches, loops });
      expect([...least]).toEqual([2, -8, 7, 3, 0, 2]);
      expect([...greatest]).toEqual([6, 9, 7, 7, 9, 2]);
    },
  );

  it("gives sorting's means to the last bit, for all counts and lengths", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.infiniteStream(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 })),
        (rows, length, count, values) => {
          const cols = length + 7;
          // Minima do not tell 0 from −0, which sorting puts in order: there is only the one here.
          const data = Float32Array.from({ length: rows * cols }, () => values.next().value! + 0);
          const stretches = [
            { from: 3, to: 3 + length, count: Math.min(count, length) },
            { from: 0, to: cols, count: Math.min(40, cols) % 33 || 1 },
            { from: cols - 1, to: cols, count: 1 },
          ];
          const sorting = extremesKernel(stretches.map(({ count }) => count)).openPlain();
          const simd = extremeMeans(data, { cols, stretches });
          const plain = extremeMeans(data, { cols, stretches, loops: sorting });
          expect(simd.least).toEqual(plain.least);
          expect(simd.greatest).toEqual(plain.greatest);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("sorts where more values are wanted than lists pay for", () => {
    const data = Float32Array.from({ length: 100 }, (_, i) => (37 * i) % 100);
    const { least, greatest } = extremeMeans(data, {
      cols: 100,
      stretches: [{ from: 0, to: 100, count: 50 }],
    });
    expect([least[0], greatest[0]]).toEqual([24.5, 74.5]);
  });
});
