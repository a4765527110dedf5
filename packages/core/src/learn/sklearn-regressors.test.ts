/** Agreement with scikit-learn's regressors on its diabetes data (test/golden/scripts/sklearn_regressors.py). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { functionalsTable, takeUtterances } from "../data/feature-table.js";
import { matrixFromRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import { standardDeviation } from "../math/statistics.js";
import type { Model } from "./estimator.js";
import { estimator } from "./estimators.js";

interface Golden {
  x: number[][];
  values: number[][];
  tolerance: { values: { rtol: number; atol: number } };
  cases: { kind: string; params: Record<string, unknown>; values: number[][] }[];
  seeded: { kind: string; params: Record<string, unknown>; absoluteErrors: number[] }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../../../test/golden/sklearn-regressors.json", import.meta.url), "utf8"),
) as Golden;
const rows = golden.x.map((_, i) => i);
const table = functionalsTable(
  rows.map((i) => `row-${i}`),
  golden.x[0].map((_, j) => `column-${j}`),
  matrixFromRows(golden.x),
);
const [train, test] = [rows.filter((i) => i % 3 !== 0), rows.filter((i) => i % 3 === 0)];
const targets = {
  names: ["progression", "pressure"],
  values: matrixFromRows(train.map((i) => golden.values[i])),
};
const learn = (kind: string, params: Record<string, unknown>, seed = 1): Promise<Model> =>
  estimator(kind, params, "values").fit(takeUtterances(table, train), targets, { random: random(seed) });

describe("scikit-learn's regressors of diabetes", () => {
  it.each(golden.cases)("$kind $params", async ({ kind, params, values }) => {
    const exact = kind === "support-vector-regression" ? { tolerance: 1e-7 } : {};
    const model = await learn(kind, { ...params, ...exact });
    const { data } = (await model.predict(takeUtterances(table, test.slice(0, 40)))).dimensions!;
    expect(data).toBeAllClose(values.flat(), golden.tolerance.values);
  });

  it.each(golden.seeded)("$kind $params, twenty seeds", async ({ kind, params, absoluteErrors }) => {
    const ours: number[] = [];
    for (const seed of absoluteErrors.keys()) {
      const model = await learn(kind, params, seed);
      const { data } = (await model.predict(takeUtterances(table, test))).dimensions!;
      const errors = test.map((row, i) => Math.abs(data[2 * i] - golden.values[row][0]));
      ours.push(errors.reduce((a, b) => a + b, 0) / test.length);
    }
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const error = (values: readonly number[]): number =>
      standardDeviation(values) / Math.sqrt(values.length - 1);
    // Trees that all seeds agree on may still part from ours in one split of equal gain.
    const allowed = Math.max(2 * Math.hypot(error(ours), error(absoluteErrors)), 0.2);
    expect(Math.abs(mean(ours) - mean(absoluteErrors))).toBeLessThanOrEqual(allowed);
  });
});
