/** Abstention, prediction sets and fitting across folds: closed forms, brute force, and promises kept on new speakers. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../../math/random.js";
import type { ScoredUtterance } from "../evaluation-result.js";
import { conformalRows } from "./answers.js";
import { conformalCoverage, fitConformal, predictionSet } from "./conformal.js";
import { calibratedAcross } from "./cross-fit.js";
import { type Answer, pointAtRisk, riskCoverage } from "./risk-coverage.js";
import { trustResult } from "./trust-result.js";

const classes = ["a", "b", "c", "d"];

/** Predictions of `speakers` people in `folds` folds, some people easier than others; scores are sharpened by `power`. */
function predictionsOf({ speakers = 40, each = 50, folds = 5, power = 2, seed = 3 } = {}): ScoredUtterance[] {
  const stream = random(seed);
  return Array.from({ length: speakers }, (_, s) => {
    const skill = 1.5 + 0.5 * stream.normal();
    return Array.from({ length: each }, (__, u): ScoredUtterance => {
      const truth = u % classes.length;
      const raw = classes.map((___, k) => Math.exp(power * (stream.normal() + (k === truth ? skill : 0))));
      const sum = raw.reduce((a, b) => a + b, 0);
      const scores = raw.map((value) => value / sum);
      const predicted = classes[scores.indexOf(Math.max(...scores))];
      const speaker = `s${s}`;
      return { id: `${s}-${u}`, speaker, fold: `f${s % folds}`, truth: classes[truth], predicted, scores };
    });
  }).flat();
}

describe("risk and coverage", () => {
  const answers: Answer[] = [
    { confidence: 0.9, right: true },
    { confidence: 0.8, right: false },
    { confidence: 0.7, right: true },
    { confidence: 0.6, right: false },
  ];
  it("by hand", () => {
    const { aurc, curve } = riskCoverage(answers);
    expect(aurc).toBeCloseTo((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4, 14);
    expect(curve.map(({ coverage, risk }) => [coverage, risk])).toEqual([
      [0.25, 0],
      [0.5, 0.5],
      [0.75, 1 / 3],
      [1, 0.5],
    ]);
    expect(pointAtRisk(answers, 0.4)).toEqual({ threshold: 0.7, coverage: 0.75, risk: 1 / 3 });
    expect(pointAtRisk(answers, 0)).toMatchObject({ threshold: 0.9, coverage: 0.25 });
    expect(pointAtRisk([{ confidence: 1, right: false }], 0.5)).toBeUndefined();
  });
  it("confidence that says nothing gives the error rate, whatever the order", () => {
    const level = answers.map(({ right }) => ({ confidence: 0.5, right }));
    expect(riskCoverage(level)).toEqual({ aurc: 0.5, curve: [{ threshold: 0.5, coverage: 1, risk: 0.5 }] });
  });
  it("every point is what counting gives, and at most 100 are kept", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const stream = random(seed);
        const many = Array.from({ length: 1 + stream.integer(300) }, () => ({
          confidence: stream.integer(150) / 150,
          right: stream.next() < 0.6,
        }));
        const { curve } = riskCoverage(many);
        expect(curve.length).toBeLessThanOrEqual(100);
        expect(curve.at(-1)!.coverage).toBe(1);
        for (const { threshold, coverage, risk } of curve) {
          const kept = many.filter(({ confidence }) => confidence >= threshold);
          expect(coverage).toBeCloseTo(kept.length / many.length, 12);
          expect(risk).toBeCloseTo(kept.filter(({ right }) => !right).length / kept.length, 12);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("conformal sets", () => {
  it("the threshold by hand: nine of ten true classes reach it, with the correction for few rows", () => {
    const rows = Array.from({ length: 19 }, (_, i) => ({
      scores: [(i + 1) / 20, 1 - (i + 1) / 20],
      truth: 0,
      speaker: "one",
    }));
    // 0.9 · 20 / 19 of 19 rows are 18: the 18th highest score is 2 / 20.
    expect(fitConformal(rows, 0.9)).toEqual({ level: 0.9, threshold: 0.1 });
    expect(fitConformal(rows.slice(0, 3), 0.9)).toEqual({ level: 0.9, threshold: 0.05 });
    expect(() => fitConformal(rows, 1)).toThrow(RangeError);
    expect(() => fitConformal([], 0.9)).toThrow(RangeError);
  });
  it("a speaker with many utterances weighs as much as one with few", () => {
    const row = (speaker: string, score: number) => ({ scores: [score, 1 - score], truth: 0, speaker });
    const rows = [
      ...Array.from({ length: 90 }, () => row("often", 0.9)),
      ...Array.from({ length: 10 }, () => row("rare", 0.2)),
    ];
    expect(fitConformal(rows, 0.8).threshold).toBe(0.2);
    expect(
      fitConformal(
        rows.map((r) => ({ ...r, speaker: "one" })),
        0.8,
      ).threshold,
    ).toBe(0.9);
  });
  it("sets name the likeliest first and are never empty", () => {
    expect(predictionSet([0.2, 0.5, 0.3], { level: 0.9, threshold: 0.25 })).toEqual([1, 2]);
    expect(predictionSet([0.2, 0.5, 0.3], { level: 0.9, threshold: 0.99 })).toEqual([1]);
  });
  it.each([0.8, 0.9, 0.95])(
    "hold the class of new speakers %d of the time, over ten draws of people",
    (level) => {
      const found = Array.from({ length: 10 }, (_, seed) =>
        conformalCoverage(conformalRows(predictionsOf({ speakers: 30, each: 40, seed }), classes), level),
      );
      const mean = found.reduce((sum, { coverage }) => sum + coverage, 0) / found.length;
      expect(mean).toBeAllClose(level, { rtol: 0, atol: 0.012 });
      for (const { meanSize, worstSpeaker, coverage, single } of found) {
        expect(meanSize).toBeGreaterThanOrEqual(1);
        expect(worstSpeaker).toBeLessThanOrEqual(coverage);
        expect(single).toBeGreaterThan(0);
      }
    },
  );
});

describe("fitting across folds", () => {
  it("a fold's own labels do not change its calibrated scores", () => {
    const before = predictionsOf();
    const turned = before.map((one) =>
      one.fold === "f0" ? { ...one, truth: classes[(classes.indexOf(one.truth) + 1) % 4] } : one,
    );
    const scores = (list: readonly ScoredUtterance[]) =>
      list.filter(({ fold }) => fold === "f0").map((one) => one.scores);
    for (const kind of ["temperature", "platt", "isotonic", "dirichlet"]) {
      const after = calibratedAcross(turned, classes, { kind });
      expect(scores(after)).toEqual(scores(calibratedAcross(before, classes, { kind })));
    }
  });
  it("calibration makes too bold scores honest", () => {
    const {
      calibrations,
      calibration,
      riskCoverage: found,
    } = trustResult(predictionsOf(), classes, { calibration: "temperature" });
    const ece = Object.fromEntries(calibrations.map((entry) => [entry.kind, entry.ece]));
    expect(calibration).toBe("temperature");
    expect(ece.none).toBeGreaterThan(0.06);
    for (const kind of ["temperature", "platt", "isotonic", "dirichlet"])
      expect(ece[kind]).toBeLessThan(0.03);
    expect(found.aurc).toBeLessThan(0.2);
  });
  it("one fold has scores as they are and no sets", () => {
    const { calibrations, calibration, conformal } = trustResult(predictionsOf({ folds: 1 }), classes, {
      calibration: "platt",
    });
    expect(calibration).toBe("none");
    expect(calibrations.map(({ kind }) => kind)).toEqual(["none"]);
    expect(conformal).toEqual([]);
  });
});
