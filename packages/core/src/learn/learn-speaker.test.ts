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
            const mean = heard.reduce((sum, logits) => sum + logits[k], 0) / heard.length;
            return value - (heard.length / (heard.length + shrinkage)) * (mean - average[k]);
          });
          expect(own).toBeAllClose(softmax(expected), { rtol: 1e-9, atol: 1e-12 });
        },
      ),
    );
  });

  it("is what taking the features' mean off is, for a linear model", () => {
    const model = (x: readonly number[]) => softmax([2 * x[0] - x[1], x[0] + 3 * x[1] + 0.3, -x[0]]);
    const mean = [0.2, -0.1];
    const heard = [
      [1, 2],
      [0.5, -1],
      [2, 0],
    ];
    const trust = heard.length / (heard.length + 4);
    const offset = mean.map((value, j) => trust * (heard.reduce((sum, x) => sum + x[j] / 3, 0) - value));
    const known = learnSpeaker(
      heard.map((x) => ({ scores: model(x), marks: [] })),
      { shrinkage: 4, centre: model(mean) },
    );
    const x = [0.7, 0.4];
    expect(known({ scores: model(x), marks: [] })).toBeAllClose(model(x.map((v, j) => v - offset[j])), {
      rtol: 1e-9,
    });
  });

  it("adds what the marks say once voice and manners are known, as conditioning one big Gaussian has it", () => {
    const variances = { means: [[1], [-0.5]], voice: [2], manner: [0.7] };
    const observed = [
      { mark: 2.5, k: 0 },
      { mark: 3.1, k: 0 },
      { mark: 0.4, k: 1 },
    ];
    // Sure scores: each recording is taken for its class alone.
    const heard = observed.map(({ mark, k }) => ({ scores: k === 0 ? [1, 0] : [0, 1], marks: [mark] }));
    const even = { scores: [0.5, 0.5], marks: [1.7] };
    const options = { shrinkage: 1e9, centre: [0.5, 0.5], variances };
    const [left, right] = learnSpeaker(heard, options)(even);
    const centred = observed.map(({ mark, k }) => mark - variances.means[k][0]);
    const covariance = observed.map((a, i) =>
      observed.map((b, j) => 2 + (a.k === b.k ? 0.7 : 0) + (i === j ? 1 : 0)),
    );
    const given = (shared: readonly number[]): { mean: number; taken: number } => ({
      mean: dotProduct(solve3(covariance, centred), shared),
      taken: dotProduct(solve3(covariance, shared), shared),
    });
    const logNormal = (mean: number, variance: number): number =>
      -0.5 * ((1.7 - mean) ** 2 / variance + Math.log(variance));
    const evidence = [0, 1].map((k) => {
      const own = given(observed.map((one) => 2 + (one.k === k ? 0.7 : 0)));
      const voice = given(observed.map(() => 2));
      const mean = variances.means[k][0];
      return logNormal(mean + own.mean, 3.7 - own.taken) - logNormal(mean + voice.mean, 3.7 - voice.taken);
    });
    expect(Math.log(left! / right!)).toBeAllClose(0.08 * (evidence[0] - evidence[1]), {
      rtol: 1e-4,
      atol: 1e-6,
    });
  });

  it("hears doubtful recordings as the sure ones that they are like", () => {
    const stream = random(5);
    const variances = {
      means: [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      voice: [1, 1],
      manner: [20, 1],
    };
    const heard = Array.from({ length: 40 }, (_, i) => {
      const side = i % 2 === 0 ? 1 : -1;
      const sure = i < 30 ? 3 : -0.2; // the last ten are heard wrong by a little
      const logits = [side * sure, -side * sure, -9];
      return { scores: softmax(logits), marks: [6 * side + stream.normal(), stream.normal()] };
    });
    const options = { shrinkage: 4, centre: [1 / 3, 1 / 3, 1 / 3] };
    for (const known of [learnSpeaker(heard, { ...options, variances }), learnSpeaker(heard, options)])
      for (const [i, recording] of heard.entries()) {
        const scores = known(recording);
        expect(scores.indexOf(Math.max(...scores))).toBe(i % 2);
        expect(scores.reduce((a, b) => a + b, 0)).toBeAllClose(1, { rtol: 1e-12 });
      }
    const bare = heard.map(({ scores }) => ({ scores, marks: [] }));
    const [left, right] = learnSpeaker(bare, { ...options, variances })(bare[39]);
    expect(left).toBeGreaterThan(right!);
  });

  it("does not depend on the order of the recordings, and bears scores of nothing", () => {
    const stream = random(3);
    const heard = Array.from({ length: 12 }, () => ({
      scores: Float32Array.of(stream.next(), 0, stream.next()),
      marks: [stream.normal(), stream.normal(), stream.normal()],
    }));
    const means = [0, 1, 2].map((k) => [0, 1, 2].map((j) => (j === k ? 1 : 0)));
    const variances = { means, voice: [1, 1, 1], manner: [1, 0.5, 0.1] };
    const options = { shrinkage: 4, centre, variances };
    const forward = learnSpeaker(heard, options)(heard[0]);
    expect(learnSpeaker([...heard].reverse(), options)(heard[0])).toBeAllClose(forward, {
      rtol: 1e-9,
      atol: 1e-15,
    });
    expect(forward.every(Number.isFinite)).toBe(true);
  });
});

function dotProduct(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

/** Returns the solution of three equations by Cramer's rule. */
function solve3(m: readonly (readonly number[])[], v: readonly number[]): number[] {
  const det = ([a, b, c]: readonly (readonly number[])[]): number =>
    a![0] * (b![1] * c![2] - b![2] * c![1]) -
    a![1] * (b![0] * c![2] - b![2] * c![0]) +
    a![2] * (b![0] * c![1] - b![1] * c![0]);
  return [0, 1, 2].map(
    (j) => det(m.map((row, i) => row.map((value, c) => (c === j ? v[i] : value)))) / det(m),
  );
}
