/** Voting and stacking as scikit-learn has them (test/golden/scripts/sklearn_ensembles.py), and members that are refused. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { functionalsTable, takeUtterances } from "../data/feature-table.js";
import { matrixFromRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import { estimator } from "./estimators.js";

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../test/golden/${name}.json`, import.meta.url), "utf8"));
const golden = read("sklearn-ensembles") as {
  tolerance: number;
  groups: number[];
  voting: number[][];
  stacking: number[][];
};
const { x, y } = read("sklearn-models-wine") as { x: number[][]; y: number[] };

const plain = { classWeight: "none" };
const members = [
  { kind: "logistic-regression", params: { C: 0.1, ...plain } },
  { kind: "gaussian-naive-bayes", params: plain, weight: 2 },
  { kind: "linear-discriminant-analysis", params: { shrinkage: 0.5, ...plain } },
];
const final = { kind: "logistic-regression", params: { C: 0.5, ...plain } };

describe("ensembles of wine", () => {
  const rows = x.map((_, i) => i);
  const table = functionalsTable(
    rows.map(String),
    x[0].map((_, j) => `column-${j}`),
    matrixFromRows(x),
  );
  const train = rows.filter((i) => i % 3 !== 0);
  const shown = rows.filter((i) => i % 3 === 0).slice(0, 40);

  it.each([
    ["voting", { members }, golden.voting],
    ["stacking", { members, final }, golden.stacking],
  ] as const)("%s", async (kind, params, expected) => {
    const model = await estimator(kind, { ...params, ...plain }).fit(
      takeUtterances(table, train),
      {
        classes: ["0", "1", "2"],
        labels: Int32Array.from(train, (i) => y[i]),
        groups: Int32Array.from(golden.groups),
      },
      { random: random(1) },
    );
    const { data } = (await model.predict(takeUtterances(table, shown))).scores!;
    expect(data).toBeAllClose(expected.flat(), { atol: golden.tolerance, rtol: 0 });
  });

  it.each([
    [[]],
    [["oracle"]],
    [["voting"]],
    [[{ kind: "logistic-regression", params: { C: -1 } }]],
    [[{ kind: "logistic-regression", weight: 0 }]],
    [[{ kind: "logistic-regression", wight: 2 }]],
  ])("refuses the members %j", (wrong) => {
    expect(() => estimator("voting", { members: wrong })).toThrow(
      expect.objectContaining({ code: "learn/bad-parameter" }),
    );
  });
});
