/** The same folds as scikit-learn's splitters that draw nothing (test/golden/scripts/sklearn_folds.py). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findLeaks } from "../leak-gate.js";
import { foldsFromSpec } from "../split-makers.js";

const url = new URL("../../../../../test/golden/sklearn-folds.json", import.meta.url);
const golden = JSON.parse(readFileSync(url, "utf8")) as {
  speakers: number[];
  labels: number[];
  folds: Record<string, number[][]>;
};
const dataset = {
  name: "golden",
  utterances: golden.speakers.map((speaker, i) => ({
    id: String(i),
    file: String(i),
    speaker: `s${speaker}`,
    label: `c${golden.labels[i]}`,
    attributes: { sex: i % 2 ? "female" : "male" },
  })),
};

describe("folds", () => {
  it.each(Object.keys(golden.folds))("%s", (spec) => {
    const splits = foldsFromSpec(spec, dataset, { seed: 1 });
    expect(splits.map(({ test }) => test.map(Number))).toEqual(golden.folds[spec]);
    const leaks = findLeaks(dataset, splits).map(({ kind }) => kind);
    expect(leaks).toEqual(spec.includes("group") ? [] : ["speaker"]);
  });
});
