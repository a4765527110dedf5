/** The cheapest path beside a search through all paths. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidatePath } from "./candidate-path.js";

const costs = { octaveJumpCost: 0.35, voicingCost: 0.14 };

type Frame = {
  readonly unvoiced: number;
  readonly voiced: readonly (readonly [hz: number, strength: number])[];
};

function worth(path: readonly number[], frames: readonly Frame[]): number {
  return path.reduce((sum, hz, t) => {
    const { unvoiced, voiced } = frames[t];
    const before = path[t - 1] ?? hz;
    const change =
      before > 0 !== hz > 0
        ? costs.voicingCost
        : hz > 0
          ? costs.octaveJumpCost * Math.abs(Math.log2(hz / before))
          : 0;
    return sum + (hz === 0 ? unvoiced : voiced.find(([own]) => own === hz)![1]) - change;
  }, 0);
}

describe("candidatePath", () => {
  it("is worth as much as the best of all paths", () => {
    const strength = fc.double({ min: 0, max: 1, noNaN: true });
    const candidates = fc.uniqueArray(fc.tuple(fc.integer({ min: 75, max: 600 }), strength), {
      maxLength: 3,
      selector: ([hz]) => hz,
    });
    fc.assert(
      fc.property(
        fc.array(fc.record({ unvoiced: strength, voiced: candidates }), { minLength: 1, maxLength: 6 }),
        (frames) => {
          const finder = candidatePath({ frames: frames.length, candidates: 4, ...costs });
          for (const { unvoiced, voiced } of frames) {
            finder.begin(unvoiced);
            for (const [hz, value] of voiced) finder.add(hz, value);
          }
          const found = worth([...finder.finish()], frames);
          const all = frames.reduce<number[][]>(
            (paths, { voiced }) =>
              paths.flatMap((path) => [0, ...voiced.map(([hz]) => hz)].map((hz) => [...path, hz])),
            [[]],
          );
          expect(found).toBeAllClose(Math.max(...all.map((path) => worth(path, frames))), { atol: 1e-9 });
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });

  it("gives nothing for no frames", () => {
    expect(candidatePath({ frames: 0, candidates: 2, ...costs }).finish()).toHaveLength(0);
  });
});
