/** Collections that are known by their recordings, in closed form. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { learnCollection } from "./learn-collection.js";

const softmax = (logits: readonly number[]): number[] => {
  const powers = logits.map(Math.exp);
  return powers.map((power) => power / powers.reduce((a, b) => a + b, 0));
};
const said = (logits: readonly number[]) => ({ scores: softmax(logits) });
const centre = [0.5, 0.25, 0.25];
const logits = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -5, max: 5, noNaN: true })));

describe("learnCollection", () => {
  it("leaves scores as they are of a collection of none and of one", () => {
    fc.assert(
      fc.property(logits, logits, (one, other) => {
        const about = { shrinkage: 4, centre };
        expect(learnCollection([], about)(said(one))).toEqual(said(one).scores);
        expect(learnCollection([said(one)], about)(said(one))).toEqual(said(one).scores);
        expect(learnCollection([said(other)], about)(said(one))).toEqual(said(one).scores);
      }),
    );
  });

  it("takes the shrunk distance of the mean log probabilities from the average voice's off", () => {
    fc.assert(
      fc.property(
        fc.array(logits, { minLength: 2, maxLength: 20 }),
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        (heard, shrinkage) => {
          const own = learnCollection(heard.map(said), { shrinkage, centre })(said([1, 0, -1]));
          const trust = (heard.length - 1) / (heard.length - 1 + shrinkage);
          const expected = [1, 0, -1].map((value, k) => {
            const mean = heard.reduce((sum, one) => sum + one[k], 0) / heard.length;
            return value - trust * (mean - Math.log(centre[k]));
          });
          expect(own).toBeAllClose(softmax(expected), { rtol: 1e-9, atol: 1e-12 });
        },
      ),
    );
  });

  it("does not ask in which order recordings were heard", () => {
    fc.assert(
      fc.property(fc.array(logits, { minLength: 2, maxLength: 20 }), logits, (heard, one) => {
        const about = { shrinkage: 4, centre };
        const there = learnCollection(heard.map(said), about)(said(one));
        const back = learnCollection([...heard].reverse().map(said), about)(said(one));
        expect(there).toBeAllClose(back, { rtol: 1e-9, atol: 1e-12 });
      }),
    );
  });
});
