/** Every measure against closed forms, a brute-force oracle, properties and scikit-learn. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { root } from "../../../../../test/corpora.js";
import { random } from "../../math/random.js";
import type { Scores } from "../evaluation-result.js";
import { expectedCalibrationError, reliabilityBins } from "./calibration.js";
import { classScores } from "./class-scores.js";
import { confusionMatrix } from "./confusion-matrix.js";
import { computeScores, computeValueScores, metrics } from "./index.js";
import { jensenShannon } from "./jensen-shannon.js";
import { meanLogLoss } from "./log-loss.js";
import { oneAgainstRest, rocAuc } from "./roc-auc.js";
import { type RocPoint, rocCurve } from "./roc-curve.js";
import type { Scored } from "./scored.js";
import { unweightedAverageRecall } from "./uar.js";

interface Golden extends Scores {
  readonly name: string;
  readonly classes: number;
  readonly truth: number[];
  readonly scores: number[];
  readonly confusion: number[][];
  readonly perClass: {
    readonly precision: number[];
    readonly recall: number[];
    readonly f1: number[];
    readonly support: number[];
    readonly rocAuc: (number | null)[];
    readonly roc: (RocPoint[] | null)[];
  };
  readonly reliability: {
    readonly count: number[];
    readonly accuracy: number[];
    readonly confidence: number[];
  };
}

const golden = JSON.parse(readFileSync(join(root, "test/golden/sklearn-metrics.json"), "utf8")) as {
  tolerance: { atol: number; rtol: number };
  cases: Golden[];
  values: Record<string, unknown>[];
  distributions: { p: number[]; q: number[]; jensenShannon: number }[];
};

/** Utterances of which the first class with the top score is chosen. */
function scoredOf(truth: ArrayLike<number>, scores: ArrayLike<number>, classCount: number): Scored {
  const predicted = Int32Array.from(truth, (_, i) => {
    const row = Array.from({ length: classCount }, (__, k) => scores[i * classCount + k]);
    return row.indexOf(Math.max(...row));
  });
  const labels = Int32Array.from(truth);
  return {
    classCount,
    truth: labels,
    predicted,
    scores: Float64Array.from(scores),
    confusion: confusionMatrix(labels, predicted, classCount),
  };
}

/** Area under a polyline by the trapezoid rule. */
function area(curve: readonly RocPoint[]): number {
  let sum = 0;
  for (let i = 1; i < curve.length; i++) {
    sum += ((curve[i][0] - curve[i - 1][0]) * (curve[i][1] + curve[i - 1][1])) / 2;
  }
  return sum;
}

describe("closed forms", () => {
  const confusion = [
    [3, 1],
    [2, 2],
  ];
  it("counts truth in rows and choices in columns", () => {
    const truth = Int32Array.of(0, 0, 0, 1, 1);
    expect(confusionMatrix(truth, Int32Array.of(0, 1, 1, 1, 0), 2)).toEqual([
      [1, 2],
      [1, 1],
    ]);
  });
  it("averages recalls without regard to support", () => {
    expect(
      unweightedAverageRecall([
        [90, 10],
        [8, 2],
      ]),
    ).toBeCloseTo((0.9 + 0.2) / 2, 15);
  });
  it("leaves absent classes out of the UAR", () => {
    expect(
      unweightedAverageRecall([
        [1, 1, 0],
        [0, 0, 0],
        [0, 0, 4],
      ]),
    ).toBe(0.75);
  });
  it("precision, recall and F1 by hand", () => {
    const [first] = classScores(confusion);
    expect(first).toEqual({ support: 4, predicted: 5, precision: 0.6, recall: 0.75, f1: 6 / 9 });
  });
  it("a tie counts one half in the area", () => {
    expect(rocAuc([1, 0], [0.5, 0.5])).toBe(0.5);
    expect(rocAuc([1, 0, 0], [0.5, 0.5, 0.1])).toBe(0.75);
  });
  it("has no area without positives or without negatives", () => {
    expect(rocAuc([1, 1], [0.1, 0.2])).toBeNull();
    expect(rocAuc([0], [0.1])).toBeNull();
    expect(rocCurve([0, 0], [0.1, 0.2])).toEqual([]);
  });
  it("draws a tie as a slope", () => {
    expect(rocCurve([1, 0, 1, 0], [0.9, 0.5, 0.5, 0.1])).toEqual([
      [0, 0],
      [0, 0.5],
      [0.5, 1],
      [1, 1],
    ]);
  });
  it("a plain guess costs ln(classes), a certain mistake −ln(ε)", () => {
    expect(meanLogLoss(Int32Array.of(0, 3), new Array(8).fill(0.25), 4)).toBeCloseTo(Math.log(4), 14);
    expect(meanLogLoss(Int32Array.of(0), [0, 1], 2)).toBeCloseTo(-Math.log(Number.EPSILON), 12);
  });
  it("calibration: 80 % sure and right three times in four is off by 0.05", () => {
    const scored = scoredOf([0, 0, 0, 1], [0.8, 0.2, 0.8, 0.2, 0.8, 0.2, 0.8, 0.2], 2);
    expect(expectedCalibrationError(reliabilityBins(scored))).toBeCloseTo(0.05, 14);
  });
});

describe("scikit-learn", () => {
  for (const expected of golden.cases) {
    it(expected.name, () => {
      const scored = scoredOf(expected.truth, expected.scores, expected.classes);
      expect(scored.confusion).toEqual(expected.confusion);
      const scores = computeScores(scored);
      for (const { id } of metrics) {
        if (expected[id] === null) expect(scores[id], id).toBeNull();
        else expect(scores[id], id).toBeAllClose(expected[id], golden.tolerance);
      }
      const perClass = classScores(scored.confusion);
      for (const name of ["precision", "recall", "f1", "support"] as const) {
        expect(
          perClass.map((scores) => scores[name]),
          name,
        ).toBeAllClose(expected.perClass[name], golden.tolerance);
      }
      for (let k = 0; k < expected.classes; k++) {
        const { positive, scores } = oneAgainstRest(scored, k);
        const auc = rocAuc(positive, scores);
        const wanted = expected.perClass.rocAuc[k]!;
        if (wanted === null) expect(auc).toBeNull();
        else expect(auc).toBeAllClose(wanted, golden.tolerance);
        const points = expected.perClass.roc[k];
        if (!points) continue;
        const curve = rocCurve(positive, scores);
        const known = new Set(points.map(([x, y]) => `${x.toFixed(9)} ${y.toFixed(9)}`));
        expect(curve.filter(([x, y]) => !known.has(`${x.toFixed(9)} ${y.toFixed(9)}`))).toEqual([]);
        expect(area(curve)).toBeAllClose(area(points), golden.tolerance);
      }
      const bins = reliabilityBins(scored);
      expect(bins.map(({ count }) => count)).toEqual(expected.reliability.count);
      const filled = bins.filter(({ count }) => count > 0);
      expect(filled.map(({ accuracy }) => accuracy!)).toBeAllClose(
        expected.reliability.accuracy,
        golden.tolerance,
      );
      expect(filled.map(({ confidence }) => confidence!)).toBeAllClose(
        expected.reliability.confidence,
        golden.tolerance,
      );
    });
  }
});

describe("measures of values", () => {
  for (const expected of golden.values) {
    it(`scikit-learn: ${expected.name}`, () => {
      const pairs = expected as unknown as { truth: number[]; predicted: number[] };
      for (const [id, value] of Object.entries(computeValueScores(pairs))) {
        if (expected[id] === null) expect(value, id).toBeNull();
        else expect(value, id).toBeAllClose(expected[id] as number, golden.tolerance);
      }
    });
  }
  it("have no value without values, and refuse lists of two lengths", () => {
    const none = computeValueScores({ truth: [], predicted: [] });
    expect(none).toEqual({ ccc: null, mae: null, rmse: null, r2: null });
    expect(() => computeValueScores({ truth: [1], predicted: [] })).toThrow(RangeError);
  });
  it("concordance falls with a shift that correlation does not see", () => {
    const truth = [1, 2, 3, 4];
    expect(computeValueScores({ truth, predicted: truth }).ccc).toBe(1);
    // variance 1.25 each, means one apart: 2.5 / (2.5 + 1)
    expect(computeValueScores({ truth, predicted: [2, 3, 4, 5] }).ccc).toBeCloseTo(2.5 / 3.5, 14);
  });
});

describe("Jensen-Shannon distance", () => {
  it("is scipy's", () => {
    for (const { p, q, jensenShannon: expected } of golden.distributions)
      expect(jensenShannon(p, q)).toBeAllClose(expected, { rtol: 1e-9, atol: 1e-8 });
  });
  it("is 0 for equal and 1 for disjoint distributions, and refuses what is none", () => {
    expect(jensenShannon([1, 3], [0.25, 0.75])).toBe(0);
    expect(jensenShannon([1, 0], [0, 5])).toBe(1);
    for (const bad of [[0, 0], [1, -1], [Number.NaN, 1], [1]])
      expect(() => jensenShannon(bad, [0.5, 0.5])).toThrow(RangeError);
  });
});

describe("properties", () => {
  const sets = fc.integer({ min: 0, max: 1e6 }).map((seed) => {
    const chance = random(seed);
    const classCount = 2 + chance.integer(5);
    const n = 1 + chance.integer(60);
    const truth = Array.from({ length: n }, () => chance.integer(classCount));
    const scores = truth.flatMap(() => {
      const raw = Array.from({ length: classCount }, () => 1 + chance.integer(6));
      const sum = raw.reduce((a, b) => a + b, 0);
      return raw.map((value) => value / sum);
    });
    return scoredOf(truth, scores, classCount);
  });

  it("the area equals the part of pairs in the right order, by brute force", () => {
    fc.assert(
      fc.property(sets, (scored) => {
        const { positive, scores } = oneAgainstRest(scored, 0);
        let right = 0;
        let pairs = 0;
        positive.forEach((p, i) => {
          positive.forEach((q, j) => {
            if (!p || q) return;
            pairs++;
            right += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
          });
        });
        const auc = rocAuc(positive, scores);
        if (pairs === 0) expect(auc).toBeNull();
        else expect(auc).toBeAllClose(right / pairs, { rtol: 1e-12 });
      }),
      { numRuns: 100 },
    );
  });
  it("weights of the area count utterances as often as copies would", () => {
    fc.assert(
      fc.property(sets, fc.integer({ min: 0, max: 1e6 }), (scored, seed) => {
        const { positive, scores } = oneAgainstRest(scored, 1);
        const chance = random(seed);
        const weights = Array.from(positive, () => chance.integer(4));
        const copies = weights.flatMap((w, i) => new Array<number>(w).fill(i));
        const expected = rocAuc(
          copies.map((i) => positive[i]),
          copies.map((i) => scores[i]),
        );
        const weighted = rocAuc(positive, scores, { weights });
        if (expected === null) expect(weighted).toBeNull();
        else expect(weighted).toBeAllClose(expected, { rtol: 1e-12 });
      }),
      { numRuns: 100 },
    );
  });
  it("the order of utterances does not matter, and the weighted recall is the accuracy", () => {
    fc.assert(
      fc.property(sets, fc.integer({ min: 0, max: 1e6 }), (scored, seed) => {
        const { classCount } = scored;
        const order = random(seed).shuffle(Array.from(scored.truth, (_, i) => i));
        const shuffled = scoredOf(
          order.map((i) => scored.truth[i]),
          order.flatMap((i) => [...scored.scores.subarray(i * classCount, (i + 1) * classCount)]),
          classCount,
        );
        const before = computeScores(scored);
        const after = computeScores(shuffled);
        for (const { id } of metrics) {
          if (before[id] === null) expect(after[id]).toBeNull();
          else expect(after[id], id).toBeAllClose(before[id], { rtol: 1e-12, atol: 1e-14 });
        }
        expect(before.recallWeighted).toBeAllClose(before.accuracy, { rtol: 1e-12 });
      }),
      { numRuns: 60 },
    );
  });
  it("a thinned curve keeps both ends, its order and nearly its area", () => {
    const chance = random(3);
    const positive = Array.from({ length: 5000 }, () => chance.integer(2));
    const scores = positive.map((p) => p + 1.5 * chance.normal());
    const full = rocCurve(positive, scores);
    const thinned = rocCurve(positive, scores, { maxPoints: 200 });
    expect(full.length).toBeGreaterThan(200);
    expect(thinned.length).toBeLessThanOrEqual(200);
    expect(thinned[0]).toEqual([0, 0]);
    expect(thinned.at(-1)).toEqual([1, 1]);
    for (let i = 1; i < thinned.length; i++) expect(thinned[i][0]).toBeGreaterThanOrEqual(thinned[i - 1][0]);
    expect(area(thinned)).toBeAllClose(area(full), { rtol: 0, atol: 2e-3 });
  });
  it("every measure of `Scores` is in the list once, with words for people", () => {
    expect(metrics.map(({ id }) => id).sort()).toEqual([
      "accuracy",
      "brier",
      "ece",
      "f1Macro",
      "f1Weighted",
      "kappa",
      "logLoss",
      "mcc",
      "prAuc",
      "precisionMacro",
      "precisionWeighted",
      "recallWeighted",
      "rocAuc",
      "uar",
    ]);
    for (const { title, summary } of metrics) {
      expect(title.length).toBeGreaterThan(3);
      expect(summary.length).toBeGreaterThan(20);
    }
  });
});
