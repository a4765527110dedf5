/** The paired comparison: its counts by hand, its intervals on evaluations whose difference is known, its refusals. */
import { describe, expect, it } from "vitest";
import { random } from "../math/random.js";
import { bootstrapIntervals } from "./bootstrap.js";
import type { EvaluationResult, ScoredUtterance } from "./evaluation-result.js";
import { compareEvaluations } from "./paired-comparison.js";
import { scoreTable } from "./score-table.js";

const classes = ["a", "b", "c"];
type Compared = Pick<EvaluationResult, "predictions" | "classes" | "protocol" | "leaks">;

/** Evaluates speakers, some easy and some hard for every model, by a model of the given skill. */
function evaluation(skill: number, seed: number, { speakers = 20, each = 30 } = {}): Compared {
  const stream = random(seed);
  const predictions = Array.from({ length: speakers }, (_, s) => {
    const ease = 1.2 * random(`ease-${s}`).normal();
    return Array.from({ length: each }, (__, u): ScoredUtterance => {
      const truth = u % 3;
      const raw = classes.map((___, k) => Math.exp(stream.normal() + (k === truth ? skill + ease : 0)));
      const sum = raw.reduce((x, y) => x + y, 0);
      const scores = raw.map((one) => one / sum);
      const predicted = classes[scores.indexOf(Math.max(...scores))];
      return { id: `${s}-${u}`, speaker: `s${s}`, fold: "f", truth: classes[truth], predicted, scores };
    });
  }).flat();
  const protocol = { labelMap: "m", speakerIndependent: true, sentenceIndependent: false };
  return { predictions, classes, protocol: protocol as EvaluationResult["protocol"], leaks: [] };
}

describe("compareEvaluations", () => {
  it("counts who was right by hand", () => {
    const one = (id: string, predicted: string): ScoredUtterance => {
      const scores = [1 / 3, 1 / 3, 1 / 3];
      return { id, speaker: id[0], fold: "f", truth: "a", predicted, scores };
    };
    const base = evaluation(1, 1);
    const a = { ...base, predictions: [one("x1", "a"), one("x2", "a"), one("y1", "b"), one("y2", "b")] };
    const b = { ...base, predictions: [one("y2", "a"), one("y1", "b"), one("x2", "b"), one("x1", "a")] };
    const found = compareEvaluations(a, b, { samples: 50 });
    expect(found).toMatchObject({ utterances: 4, speakers: 2, both: 1, onlyA: 1, onlyB: 1, neither: 1 });
    expect(found.measures[0]).toMatchObject({ id: "uar", a: 0.5, b: 0.5, difference: 0 });
    expect(found.perSpeaker).toEqual([
      { speaker: "x", a: 1, b: 0.5 },
      { speaker: "y", a: 0, b: 0.5 },
    ]);
  });
  it("equal evaluations differ by nothing", () => {
    const a = evaluation(1, 3);
    for (const { difference, interval, p } of compareEvaluations(a, a, { samples: 50 }).measures)
      expect([difference, interval, p]).toEqual([0, { low: 0, high: 0 }, 1]);
  });
  it("a better model is found better, and turning the pair turns the sign", () => {
    const [a, b] = [evaluation(0.8, 1), evaluation(1.4, 2)];
    const uar = compareEvaluations(a, b, { samples: 200 }).measures[0];
    expect(uar.interval.low).toBeGreaterThan(0);
    expect(uar.p).toBeLessThan(0.02);
    const back = compareEvaluations(b, a, { samples: 200 }).measures[0];
    expect(back.difference).toBeCloseTo(-uar.difference, 12);
    expect(back.interval.high).toBeCloseTo(-uar.interval.low, 12);
  });
  it("pairing makes the interval narrower than two apart would", () => {
    const [a, b] = [evaluation(1, 1), evaluation(1.2, 2)];
    const { interval } = compareEvaluations(a, b, { samples: 200 }).measures[0];
    const width = ({ predictions }: Compared): number => {
      const who = predictions.map(({ speaker }) => speaker);
      const options = { random: random(1), samples: 200 };
      const { uar } = bootstrapIntervals(scoreTable(predictions, classes), who, options);
      return uar.high - uar.low;
    };
    expect(interval.high - interval.low).toBeLessThan(0.8 * Math.hypot(width(a), width(b)));
  });
  it("equally good models are called different in few comparisons", () => {
    let called = 0;
    for (let seed = 0; seed < 40; seed++) {
      const [a, b] = [evaluation(1, 2 * seed, { each: 9 }), evaluation(1, 2 * seed + 1, { each: 9 })];
      const { interval } = compareEvaluations(a, b, { samples: 100, seed }).measures[0];
      if (interval.low > 0 || interval.high < 0) called++;
    }
    // Percentile intervals over 20 speakers miss in 6 to 8 % of the cases; 8 of 40 is beyond the 99th percentile of that.
    expect(called).toBeLessThan(8);
  });
  it("refuses what is not comparable, and says why", () => {
    const a = evaluation(1, 1);
    const [first, ...rest] = a.predictions;
    const fails = (b: Compared, message: RegExp): void =>
      expect(() => compareEvaluations(a, b)).toThrow(
        expect.objectContaining({ code: "evaluate/not-comparable", message: expect.stringMatching(message) }),
      );
    fails({ ...a, classes: ["a", "b"] }, /classes/);
    fails({ ...a, predictions: rest }, /'0-0' in the first and none in the second/);
    fails({ ...a, predictions: [...a.predictions, { ...first!, id: "new" }] }, /'new' in the second/);
    fails({ ...a, predictions: [{ ...first!, truth: "b" }, ...rest] }, /class of '0-0'/);
    fails({ ...a, predictions: [{ ...first!, speaker: "t" }, ...rest] }, /speaker of '0-0'/);
    fails({ ...a, protocol: { ...a.protocol, speakerIndependent: false } }, /unseen speakers.*and seen/);
    fails({ ...a, protocol: { ...a.protocol, adapt: "all" } }, /no utterances of each.*all utterances/);
    fails({ ...a, protocol: { ...a.protocol, labelMap: "n" } }, /label map/);
    fails({ ...a, leaks: [{ kind: "speaker" }] as unknown as Compared["leaks"] }, /no leak and.*leaks of/);
  });
});
