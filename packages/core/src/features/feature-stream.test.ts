/** The buffers under every stream: nothing lost, nothing kept. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix } from "../math/matrix.js";
import { frameStream, sampleQueue } from "./feature-stream.js";

describe("sampleQueue", () => {
  it("holds what was pushed and not dropped", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 3000 })), {
          maxLength: 30,
        }),
        (steps) => {
          const queue = sampleQueue("test");
          let from = 0;
          let to = 0;
          for (const [pushed, dropped] of steps) {
            queue.push(Float32Array.from({ length: pushed }, (_, i) => to + i));
            to += pushed;
            queue.drop(dropped);
            from = Math.min(to, from + dropped);
            expect(queue.samples).toHaveLength(to - from);
            if (to > from) expect([queue.samples[0], queue.samples.at(-1)]).toEqual([from, to - 1]);
          }
        },
      ),
      { seed: 4, numRuns: 100 },
    );
  });

  it("keeps its buffer however long the stream is", () => {
    const queue = sampleQueue("test");
    for (let i = 0; i < 20000; i++) {
      queue.push(new Float32Array(160));
      if (queue.samples.length > 400) queue.drop(160);
    }
    expect(queue.samples.buffer.byteLength).toBeLessThanOrEqual(4 * 1024);
  });
});

describe("frameStream", () => {
  it("gives each frame once, in order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 }), (lengths) => {
        const stream = frameStream({ asker: "test", frameSamples: 7, hopSamples: 3, cols: 1 }, (stretch) => {
          const starts = Float32Array.from(
            { length: 1 + (stretch.length - 7) / 3 },
            (_, t) => stretch[3 * t],
          );
          return matrix(starts.length, 1, starts);
        });
        let total = 0;
        const starts = lengths.flatMap((length) => {
          const { data } = stream.push(Float32Array.from({ length }, (_, i) => total + i));
          total += length;
          return [...data];
        });
        const expected = Math.max(0, Math.floor((total - 7) / 3) + 1);
        expect(starts).toEqual(Array.from({ length: expected }, (_, t) => 3 * t));
      }),
      { seed: 4, numRuns: 100 },
    );
  });
});
