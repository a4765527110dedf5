/** Masks are rectangles of one value, of the sizes asked for. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix } from "../math/matrix.js";
import { random } from "../math/random.js";
import { specAugment } from "./spec-augment.js";

describe("specAugment", () => {
  it("masks whole columns and rows, at most as many as asked, and nothing else", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer(),
        (rows, cols, seed) => {
          const frames = matrix(rows, cols).data.map((_, i) => 1 + (i % 7));
          const options = { maxMaskColumns: 5, maxMaskRows: 8, value: -1 };
          const { data } = specAugment(matrix(rows, cols, frames), { random: random(seed), ...options });
          const masked = (t: number, k: number): boolean => data[t * cols + k] === -1;
          const everyRow = [...Array(rows).keys()];
          const everyColumn = [...Array(cols).keys()];
          const wholeRows = everyRow.filter((t) => everyColumn.every((k) => masked(t, k)));
          const wholeColumns = everyColumn.filter((k) => everyRow.every((t) => masked(t, k)));
          if (wholeRows.length < rows) expect(wholeColumns.length).toBeLessThanOrEqual(2 * 5);
          if (wholeColumns.length < cols) expect(wholeRows.length).toBeLessThanOrEqual(2 * 8);
          for (const t of everyRow)
            for (const k of everyColumn) {
              if (masked(t, k)) expect(wholeRows.includes(t) || wholeColumns.includes(k)).toBe(true);
              else expect(data[t * cols + k]).toBe(frames[t * cols + k]);
            }
        },
      ),
      { numRuns: 50 },
    );
  });

  it("fills with the mean, leaves its input alone and is repeated by its seed", () => {
    const frames = matrix(200, 80).data.map((_, i) => i % 10);
    const once = specAugment(matrix(200, 80, frames), { random: random(4) });
    expect(once.data).toEqual(specAugment(matrix(200, 80, frames), { random: random(4) }).data);
    expect(once.data.filter((x) => Math.abs(x - 4.5) < 1e-5).length).toBeGreaterThan(100);
    expect(frames[5]).toBe(5);
  });
});
