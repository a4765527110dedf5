/** Agreement with more of scikit-learn's classifiers (test/golden/scripts/sklearn_classifiers.py). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { functionalsTable, takeUtterances } from "../data/feature-table.js";
import { matrixFromRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import type { Model } from "./estimator.js";
import { estimator } from "./estimators.js";

interface Golden {
  tolerance: { probabilities: number };
  data: Record<
    string,
    {
      cases: { kind: string; params: Record<string, unknown>; probabilities: number[][]; accuracy: number }[];
      seeded: { kind: string; params: Record<string, unknown>; accuracies: number[] }[];
    }
  >;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../test/golden/${name}.json`, import.meta.url), "utf8"));
const golden = read("sklearn-classifiers") as Golden;

describe.each(Object.keys(golden.data))("scikit-learn's classifiers of %s", (name) => {
  const { x, y } = read(`sklearn-models-${name}`) as { x: number[][]; y: number[] };
  const rows = x.map((_, i) => i);
  const ids = rows.map((i) => `row-${i}`);
  const table = functionalsTable(
    ids,
    x[0].map((_, j) => `column-${j}`),
    matrixFromRows(x),
  );
  const [train, test] = [rows.filter((i) => i % 3 !== 0), rows.filter((i) => i % 3 === 0)];
  const classes = [...new Set(y)].sort((a, b) => a - b).map(String);
  const targets = { classes, labels: Int32Array.from(train, (i) => y[i]) };
  const learn = (kind: string, params: Record<string, unknown>, seed = 1): Promise<Model> =>
    estimator(kind, { classWeight: "none", ...params }).fit(takeUtterances(table, train), targets, {
      random: random(seed),
    });
  const accuracyOf = async (model: Model): Promise<number> => {
    const { data, cols } = (await model.predict(takeUtterances(table, test))).scores!;
    const right = test.filter((row, i) => {
      const scores = Array.from(data.subarray(i * cols, (i + 1) * cols));
      return scores.indexOf(Math.max(...scores)) === y[row];
    });
    return right.length / test.length;
  };

  it.each(golden.data[name].cases)("$kind $params", async ({ kind, params, probabilities, accuracy }) => {
    const model = await learn(kind, params);
    const { data } = (await model.predict(takeUtterances(table, test.slice(0, 40)))).scores!;
    expect(data).toBeAllClose(probabilities.flat(), { atol: golden.tolerance.probabilities, rtol: 0 });
    expect(await accuracyOf(model)).toBeCloseTo(accuracy, 10);
  });

  it.each(golden.data[name].seeded)("$kind $params, ten seeds", async ({ kind, params, accuracies }) => {
    const ours = await Promise.all(
      accuracies.map(async (_, seed) => accuracyOf(await learn(kind, params, seed))),
    );
    const [theirs, own] = [meanAndError(accuracies), meanAndError(ours)];
    const error = Math.max(Math.hypot(theirs.error, own.error), 0.5 / test.length);
    expect(Math.abs(theirs.mean - own.mean)).toBeLessThanOrEqual(2 * error);
  });
});

function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}
