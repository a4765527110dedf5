/** The queue under frames and their descriptors: numbered rows, nothing lost, nothing kept. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowQueue } from "./row-queue.js";

describe("rowQueue", () => {
  it("holds what was appended and not dropped, by its number", () => {
    const step = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 30 }), (cols, steps) => {
        const queue = rowQueue(cols, (length) => new Float64Array(length));
        for (const [appended, dropped] of steps) {
          const { begin, end } = queue;
          queue.append(appended).forEach((zero, i, rows) => {
            expect(zero).toBe(0);
            rows[i] = end * cols + i;
          });
          queue.drop(begin + dropped);
          expect([queue.begin, queue.end]).toEqual([
            Math.min(end + appended, begin + dropped),
            end + appended,
          ]);
          queue.view(queue.begin, queue.end).forEach((value, i) => {
            expect(value).toBe(queue.begin * cols + i);
          });
        }
        queue.restart(7);
        queue.append(1)[0] = 5;
        expect([queue.begin, queue.end, queue.view(7, 8)[0]]).toEqual([7, 8, 5]);
        expect(() => queue.view(6, 8)).toThrow(RangeError);
      }),
      { seed: 4, numRuns: 100 },
    );
  });

  it("keeps its buffer however many rows pass", () => {
    const queue = rowQueue(4, (length) => new Float32Array(length));
    for (let i = 0; i < 20000; i++) {
      queue.append(16);
      queue.drop(queue.end - 100);
    }
    expect(queue.view(queue.begin, queue.end).buffer.byteLength).toBeLessThanOrEqual(4 * 4 * 250);
  });
});
