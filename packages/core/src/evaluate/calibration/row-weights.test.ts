/** Rows of several corpora: what they weigh, and that a corpus says nothing of classes that it lacks. */
import { describe, expect, it } from "vitest";
import { random } from "../../math/random.js";
import { applyCalibration, fitCalibration } from "./index.js";
import { rowWeights } from "./row-weights.js";

const rows = {
  classCount: 3,
  truth: Int32Array.of(0, 0, 0, 1, 0, 2),
  scores: new Float64Array(18).fill(1 / 3),
  domains: Int32Array.of(0, 0, 0, 0, 1, 1),
};

describe("rowWeights", () => {
  it("weighs domains alike and in each its classes, and knows what a domain lacks", () => {
    const { weights, isAnswer } = rowWeights(rows);
    expect(Array.from(weights)).toBeAllClose([1 / 12, 1 / 12, 1 / 12, 1 / 4, 1 / 4, 1 / 4]);
    expect([0, 1, 2].map((k) => isAnswer(0, k))).toEqual([true, true, false]);
    expect([0, 1, 2].map((k) => isAnswer(5, k))).toEqual([true, false, true]);
    expect(Array.from(rowWeights({ ...rows, domains: undefined }).weights)).toBeAllClose(
      Array(6).fill(1 / 6),
    );
  });
});

describe("dirichlet", () => {
  /** Scores in which class 0 is too high by a factor that all corpora share; the second corpus lacks class 2. */
  const biased = (seed: number, factor: number, corpora = 3) => {
    const { next } = random(seed);
    const truth: number[] = [];
    const domains: number[] = [];
    const scores: number[] = [];
    for (let i = 0; i < 3000; i++) {
      const domain = i % corpora;
      const label = Math.floor(next() * (domain === 1 ? 2 : 3));
      const raw = [0, 1, 2].map((k) => Math.exp(2 * next() + (k === label ? 1 : 0)) * (k === 0 ? factor : 1));
      const sum = raw.reduce((a, b) => a + b, 0);
      truth.push(label);
      domains.push(domain);
      scores.push(...raw.map((value) => value / sum));
    }
    return {
      classCount: 3,
      truth: Int32Array.from(truth),
      domains: Int32Array.from(domains),
      scores: Float64Array.from(scores),
    };
  };
  it("takes off what one class has too much everywhere, and does not learn that a class is rare where it is missing", () => {
    const calibration = fitCalibration("dirichlet", biased(1, 8));
    const fresh = biased(2, 8);
    const right = [0, 0, 0];
    const all = [0, 0, 0];
    fresh.truth.forEach((label, i) => {
      if (fresh.domains[i] === 1) return;
      const found = applyCalibration([...fresh.scores.slice(3 * i, 3 * i + 3)], calibration);
      all[label]++;
      if (found.indexOf(Math.max(...found)) === label) right[label]++;
    });
    const recalls = right.map((n, k) => n / all[k]);
    expect(Math.max(...recalls) - Math.min(...recalls)).toBeLessThan(0.12);
    expect(Math.min(...recalls)).toBeGreaterThan(0.5);
  });

  it("is the temperature of two corpora: what they teach of each other is no habit of all", () => {
    const rows = biased(1, 8, 2);
    const [map, one] = ["dirichlet", "temperature"].map((kind) => fitCalibration(kind, rows));
    for (let i = 0; i < 20; i++) {
      const scores = [...rows.scores.slice(3 * i, 3 * i + 3)];
      expect(applyCalibration(scores, map)).toBeAllClose(applyCalibration(scores, one), { atol: 1e-5 });
    }
  });
});
