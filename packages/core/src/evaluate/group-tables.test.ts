/** Tables by speaker, sex and corpus: by hand, and their intervals on groups whose difference is known. */
import { describe, expect, it } from "vitest";
import { random } from "../math/random.js";
import type { ScoredUtterance } from "./evaluation-result.js";
import { groupTables } from "./group-tables.js";

const classes = ["a", "b"];

/** Speakers of whose utterances the given part is right; `attributes` tells what is known of each. */
function tables(right: Record<string, number>, attributes: (speaker: string) => Record<string, string>) {
  const stream = random(4);
  const predictions = Object.entries(right).flatMap(([speaker, part]) =>
    Array.from({ length: 40 }, (_, i): ScoredUtterance => {
      const truth = classes[i % 2];
      const predicted = stream.next() < part ? truth : classes[(i + 1) % 2];
      return { id: `${speaker}-${i}`, speaker, fold: "f", truth, predicted, scores: [0.5, 0.5] };
    }),
  );
  const utterances = predictions.map(({ id, speaker, truth }) => ({
    id,
    file: id,
    speaker,
    label: truth,
    attributes: attributes(speaker),
  }));
  return groupTables(predictions, { classes, dataset: { name: "d", utterances }, seed: 1, samples: 400 });
}

const people = (n: number, part: number, name: string) =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`${name}${i}`, part]));

describe("groupTables", () => {
  it("finds the group that is served worst, and that it is no chance", () => {
    const { perSex, fairness, perSpeaker } = tables(
      { ...people(8, 0.9, "f"), ...people(8, 0.6, "m") },
      (speaker) => ({ sex: speaker.startsWith("f") ? "female" : "male" }),
    );
    expect(perSex.map(({ name, utterances, attributes }) => [name, utterances, attributes])).toEqual([
      ["female", 320, { speakers: "8" }],
      ["male", 320, { speakers: "8" }],
    ]);
    for (const { uar, ci } of [...perSex, ...perSpeaker]) {
      expect(ci.low).toBeLessThanOrEqual(uar);
      expect(ci.high).toBeGreaterThanOrEqual(uar);
    }
    const [gap] = fairness;
    expect(gap).toMatchObject({ by: "sex", best: "female", worst: "male" });
    expect(gap!.gap).toBeCloseTo(perSex[0].uar - perSex[1].uar, 12);
    expect(gap!.ci.low).toBeGreaterThan(0.15);
    expect(gap!.ci.high).toBeLessThan(0.45);
    expect(perSpeaker).toHaveLength(16);
  });
  it("has a table by corpus where there are several, and says nothing of what is not told", () => {
    const two = tables({ ...people(3, 0.9, "x"), ...people(3, 0.9, "y") }, (speaker) => ({
      corpus: speaker[0],
    }));
    expect(two.perCorpus.map(({ name }) => name)).toEqual(["x", "y"]);
    expect(two.fairness[0].by).toBe("corpus");
    expect(two.fairness[0].ci.low).toBeLessThan(0.05);
    expect(two.perSex).toEqual([]);
    const one = tables(people(3, 0.9, "x"), () => ({ corpus: "x" }));
    expect([one.perCorpus, one.fairness]).toEqual([[], []]);
  });
  it("a speaker of unknown sex stands in the table and not in the gap", () => {
    const { perSex, fairness } = tables({ ...people(2, 0.9, "f"), ...people(2, 0.5, "q") }, (speaker) =>
      speaker.startsWith("f") ? { sex: "female" } : ({} as Record<string, string>),
    );
    expect(perSex.map(({ name }) => name)).toEqual(["female", "unknown"]);
    expect(fairness).toEqual([]);
  });
});
