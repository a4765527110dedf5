/** What an evaluation refuses before any fit. */
import { functionalsTable, identityLabelMap } from "@undertone/core/data";
import { matrix } from "@undertone/core/math";
import { expect, it } from "vitest";
import { evaluateData } from "./evaluate-run.js";

it("refuses to adapt to speakers on a table with missing values", async () => {
  const utterances = Array.from({ length: 8 }, (_, i) => ({
    id: `u${i}`,
    file: `u${i}`,
    speaker: `s${i % 4}`,
    label: i < 4 ? "happy" : "sad",
    attributes: {},
  }));
  const frames = matrix(
    8,
    2,
    Float32Array.from({ length: 16 }, (_, at) => (at === 5 ? Number.NaN : at * at)),
  );
  const table = functionalsTable(
    utterances.map(({ id }) => id),
    ["a", "b"],
    frames,
  );
  const data = {
    dataset: { name: "made", utterances },
    table,
    train: [{ speed: 1, table }],
    test: [{ speed: 1, table }],
    featureSet: "made",
    labelMap: identityLabelMap("made", ["happy", "sad"]),
    values: [],
    corpus: "made",
    broken: [],
    cached: 0,
    duplicates: [],
  };
  const model = { kind: "gaussian-naive-bayes", params: { speakerCentring: 1 }, prepare: ["median-impute"] };
  const plan = { model, folds: "loso", seed: 1 };
  await expect(
    evaluateData(data, { ...plan, adapt: { to: "speaker", utterances: "all" } }),
  ).rejects.toMatchObject({
    code: "learn/not-finite",
  });
  expect((await evaluateData(data, plan)).classes!.predictions.length).toBe(8);
});
