/** What a search's fits learn from. */
import { functionalsTable, identityLabelMap } from "@undertone/core/data";
import { matrix, random } from "@undertone/core/math";
import { expect, it } from "vitest";
import { sharedData } from "../../workers/trial-pool.js";
import type { LoadedData } from "../load-data.js";
import { searchData, searchSplits } from "./search-run.js";

const labels = ["happy", "sad"];
const utterances = Array.from({ length: 48 }, (_, i) => ({
  id: `u${i}`,
  file: `u${i}`,
  speaker: `s${i % 6}`,
  label: labels[Math.floor(i / 6) % 2],
  attributes: {},
}));

/** Returns one column that tells the classes apart, upside down with `sign` −1. */
function made(sign: number) {
  const chance = random(1);
  return functionalsTable(
    utterances.map(({ id }) => id),
    ["a"],
    matrix(
      utterances.length,
      1,
      Float32Array.from(
        utterances,
        ({ label }) => sign * (label === "happy" ? 2 : -2) + 0.5 * chance.normal(),
      ),
    ),
  );
}

const data: LoadedData = {
  dataset: { name: "made", utterances },
  table: made(1),
  train: [{ speed: 1, table: made(1) }],
  test: [{ speed: 1, table: made(1) }],
  featureSet: "made",
  labelMap: identityLabelMap("made", labels),
  values: [],
  corpus: "made",
  broken: [],
  cached: 0,
  duplicates: [],
};
const plan = {
  data: [],
  model: { kind: "gaussian-naive-bayes", params: {} },
  folds: "speaker:3",
  seed: 1,
  candidates: [{}],
  method: "grid",
  measure: "uar",
  innerFolds: 2,
  nested: true,
  threads: 1,
};

it("searches fit the degraded copies too, and say so", async () => {
  const plain = await searchData(data, plan);
  expect(plain.result.best.score).toBe(1);
  const upsideDown = { speed: 1, table: made(-3), through: "noise" };
  const copied = await searchData({ ...data, train: [...data.train, upsideDown] }, plan);
  expect(copied.result.best.score).toBeLessThan(0.9);
  expect(copied.nested!.evaluation!.protocol.summary).toContain("one more training copy through noise");
});

it("takes as many inner folds as the smallest training part has speakers, at most five, where none are asked for", async () => {
  const unsaid = { ...plan, innerFolds: undefined };
  // Of six speakers, two folds leave three to choose by.
  expect(await searchSplits(data, { ...unsaid, folds: "speaker:2" })).toMatchObject({ innerFolds: 3 });
  expect((await searchSplits(data, { ...unsaid, nested: false })).splits).toHaveLength(5);
});

it("threads are told what copies went through", () => {
  const copy = { speed: 1, table: made(1), through: "noise" };
  const { train } = sharedData({ ...data, seed: 1, train: [copy] });
  expect(train[0]).toMatchObject({ speed: 1, through: "noise" });
});
