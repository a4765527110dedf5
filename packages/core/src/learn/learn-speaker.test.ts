/** Speakers who are known by their recordings, in closed form. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../math/random.js";
import { learnSpeaker } from "./learn-speaker.js";

const softmax = (logits: readonly number[]): number[] => {
  const powers = logits.map(Math.exp);
  return powers.map((power) => power / powers.reduce((a, b) => a + b, 0));
};
const unmarked = (logits: readonly number[]) => ({ scores: softmax(logits), marks: [] });
const centre = [0.5, 0.25, 0.25];

describe("learnSpeaker", () => {
  it("leaves the scores of a speaker as they are of whom nothing is known", () => {
    const scores = [0.7, 0.2, 0.1];
    expect(learnSpeaker([], { shrinkage: 4, centre })({ scores, marks: [1] })).toEqual(scores);
  });

  it("takes the shrunk distance of the mean log probabilities from the average voice's off", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -5, max: 5, noNaN: true }))), {
          minLength: 1,
          maxLength: 20,
        }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (heard, shrinkage) => {
          const own = learnSpeaker(heard.map(unmarked), { shrinkage, centre })(unmarked([1, 0, -1]));
          const average = centre.map(Math.log);
          const expected = [1, 0, -1].map((value, k) => {
            const mean = heard.reduce((sum, logits) => sum + logits[k]!, 0) / heard.length;
            return value - (heard.length / (heard.length + shrinkage)) * (mean - average[k]!);
          });
          expect(own).toBeAllClose(softmax(expected), { rtol: 1e-9, atol: 1e-12 });
        },
      ),
    );
  });

  it("is what taking the features' mean off is, for a linear model", () => {
    const model = (x: readonly number[]) => softmax([2 * x[0]! - x[1]!, x[0]! + 3 * x[1]! + 0.3, -x[0]!]);
    const mean = [0.2, -0.1];
    const heard = [
      [1, 2],
      [0.5, -1],
      [2, 0],
    ];
    const trust = heard.length / (heard.length + 4);
    const offset = mean.map((value, j) => trust * (heard.reduce((sum, x) => sum + x[j]! / 3, 0) - value));
    const known = learnSpeaker(
      heard.map((x) => ({ scores: model(x), marks: [] })),
      { shrinkage: 4, centre: model(mean) },
    );
    const x = [0.7, 0.4];
    expect(known({ scores: model(x), marks: [] })).toBeAllClose(model(x.map((v, j) => v - offset[j]!)), {
      rtol: 1e-9,
    });
  });

  it("hears doubtful recordings as the sure ones that they are like", () => {
    const stream = random(5);
    const heard = Array.from({ length: 40 }, (_, i) => {
      const side = i % 2 === 0 ? 1 : -1;
      const sure = i < 30 ? 3 : -0.2; // the last ten are heard wrong by a little
      const logits = [side * sure, -side * sure, -9];
      return { scores: softmax(logits), marks: [2 * side + 0.3 * stream.normal(), stream.normal()] };
    });
    const known = learnSpeaker(heard, { shrinkage: 4, centre: [1 / 3, 1 / 3, 1 / 3] });
    for (const [i, recording] of heard.entries()) {
      const scores = known(recording);
      expect(scores.indexOf(Math.max(...scores))).toBe(i % 2);
      expect(scores.reduce((a, b) => a + b, 0)).toBeAllClose(1, { rtol: 1e-12 });
    }
    const byMean = learnSpeaker(
      heard.map(({ scores }) => ({ scores, marks: [] })),
      { shrinkage: 4, centre: [1 / 3, 1 / 3, 1 / 3] },
    );
    const [left, right] = byMean({ scores: heard[39]!.scores, marks: [] });
    expect(left).toBeGreaterThan(right!);
  });

  it("does not depend on the order of the recordings, and bears scores of nothing", () => {
    const stream = random(3);
    const heard = Array.from({ length: 12 }, () => ({
      scores: Float32Array.of(stream.next(), 0, stream.next()),
      marks: [stream.normal(), stream.normal(), stream.normal()],
    }));
    const options = { shrinkage: 4, centre };
    const forward = learnSpeaker(heard, options)(heard[0]!);
    expect(learnSpeaker([...heard].reverse(), options)(heard[0]!)).toBeAllClose(forward, {
      rtol: 1e-9,
      atol: 1e-15,
    });
    expect(forward.every(Number.isFinite)).toBe(true);
  });
});
