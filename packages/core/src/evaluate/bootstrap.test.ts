/** Intervals: closed forms, a brute-force oracle for the drawing, and what the method text promises. */
import { describe, expect, it } from "vitest";
import { random } from "../math/random.js";
import { bootstrapIntervals, percentileInterval } from "./bootstrap.js";
import type { ScoredUtterance } from "./evaluation-result.js";
import { computeScores } from "./metrics/index.js";
import { scoreTable } from "./score-table.js";

const classes = ["a", "b", "c"];

/** `perSpeaker` utterances a speaker; a speaker's skill is normal around 1. */
function predictionsOf(speakers: number, perSpeaker: number, seed = 1): ScoredUtterance[] {
  const chance = random(seed);
  return Array.from({ length: speakers }, (_, s) => {
    const skill = 1 + 0.8 * chance.normal();
    return Array.from({ length: perSpeaker }, (__, u) => {
      const truth = u % classes.length;
      const raw = classes.map((___, k) => Math.exp(chance.normal() + (k === truth ? skill : 0)));
      const sum = raw.reduce((x, y) => x + y, 0);
      const scores = raw.map((value) => value / sum);
      const predicted = classes[scores.indexOf(Math.max(...scores))];
      return { id: `${s}/${u}`, speaker: `s${s}`, fold: "f", truth: classes[truth], predicted, scores };
    });
  }).flat();
}

const speakersOf = (predictions: readonly ScoredUtterance[]): string[] =>
  predictions.map(({ speaker }) => speaker);

describe("percentileInterval", () => {
  it("interpolates as NumPy's percentile", () => {
    const { low, high } = percentileInterval(Array.from({ length: 101 }, (_, i) => 100 - i));
    expect([low, high]).toBeAllClose([2.5, 97.5], { rtol: 1e-12 });
  });
  it("of one value is that value", () => {
    expect(percentileInterval([0.5])).toEqual({ low: 0.5, high: 0.5 });
  });
});

describe("bootstrapIntervals", () => {
  it("equals recomputing every measure on copied utterances of the drawn speakers", () => {
    const predictions = predictionsOf(7, 12);
    const bySpeaker = [...new Set(speakersOf(predictions))].map((name) =>
      predictions.filter(({ speaker }) => speaker === name),
    );
    const chance = random(9);
    const draws = Array.from({ length: 200 }, () =>
      computeScores(
        scoreTable(
          bySpeaker.flatMap(() => bySpeaker[chance.integer(bySpeaker.length)]),
          classes,
        ),
      ),
    );
    const ci = bootstrapIntervals(scoreTable(predictions, classes), speakersOf(predictions), {
      random: random(9),
      samples: 200,
    });
    for (const name of ["uar", "accuracy", "f1Macro", "rocAuc"] as const) {
      const expected = percentileInterval(draws.map((scores) => scores[name]!));
      expect([ci[name]!.low, ci[name]!.high], name).toBeAllClose([expected.low, expected.high], {
        rtol: 1e-12,
      });
    }
  });
  it("has the width that the spread between speakers gives", () => {
    const predictions = predictionsOf(40, 30, 4);
    const scored = scoreTable(predictions, classes);
    const accuracies = [...new Set(speakersOf(predictions))].map((name) => {
      const own = predictions.filter(({ speaker }) => speaker === name);
      return own.filter(({ truth, predicted }) => truth === predicted).length / own.length;
    });
    const mean = accuracies.reduce((a, b) => a + b, 0) / accuracies.length;
    const variance = accuracies.reduce((a, b) => a + (b - mean) ** 2, 0) / accuracies.length;
    const halfWidth = 1.96 * Math.sqrt(variance / accuracies.length);
    const { accuracy } = bootstrapIntervals(scored, speakersOf(predictions), {
      random: random(1),
      samples: 4000,
    });
    expect([accuracy.low, accuracy.high]).toBeAllClose([mean - halfWidth, mean + halfWidth], {
      rtol: 0,
      atol: 0.01,
    });
  });
  it("is the same for the same seed and another for another", () => {
    const predictions = predictionsOf(8, 9);
    const scored = scoreTable(predictions, classes);
    const of = (seed: number) =>
      bootstrapIntervals(scored, speakersOf(predictions), { random: random(seed), samples: 200 });
    expect(of(1)).toEqual(of(1));
    expect(of(1).uar).not.toEqual(of(2).uar);
  });
  it("says that it drew utterances when there is one speaker", () => {
    const predictions = predictionsOf(1, 30);
    const ci = bootstrapIntervals(scoreTable(predictions, classes), speakersOf(predictions), {
      random: random(1),
    });
    expect(ci.method).toMatch(/30 utterances of one speaker/);
    expect(ci.accuracy.high).toBeGreaterThan(ci.accuracy.low);
  });
  it("says that it drew utterances when no speaker is known", () => {
    const predictions = predictionsOf(1, 30);
    const unknown = predictions.map(() => "unknown");
    const { method } = bootstrapIntervals(scoreTable(predictions, classes), unknown, {
      random: random(1),
      samples: 10,
    });
    expect(method).toMatch(/30 utterances, too narrow where one speaker has several; speakers unknown/);
  });
  it("calls the interval of two speakers rough, and not that of twenty", () => {
    const method = (speakers: number): string => {
      const predictions = predictionsOf(speakers, 6);
      return bootstrapIntervals(scoreTable(predictions, classes), speakersOf(predictions), {
        random: random(1),
        samples: 10,
      }).method;
    };
    expect(method(2)).toMatch(/2 speakers.*rough/);
    expect(method(20)).toBe("percentile bootstrap over 20 speakers");
  });
  it("has no interval of the area when a class never occurs", () => {
    const predictions = predictionsOf(6, 2);
    expect(
      bootstrapIntervals(scoreTable(predictions, classes), speakersOf(predictions), { random: random(1) })
        .rocAuc,
    ).toBeNull();
  });
  it("takes a single utterance", () => {
    const predictions = predictionsOf(1, 1);
    const ci = bootstrapIntervals(scoreTable(predictions, classes), speakersOf(predictions), {
      random: random(1),
      samples: 10,
    });
    expect(ci.accuracy.low).toBe(ci.accuracy.high);
  });
});
