/** Logistic regression where rounding and scales make it hard. */
import { describe, expect, it } from "vitest";
import { functionalsTable } from "../data/feature-table.js";
import { matrix } from "../math/matrix.js";
import { random } from "../math/random.js";
import { estimator } from "./estimators.js";

/** Columns far from 0, of `scales` powers of ten, neither centred nor scaled. */
function raw(rows: number, cols: number, scales: number) {
  const stream = random(1);
  const x = matrix(rows, cols);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++)
      x.data[i * cols + j] = 10 ** ((j % scales) - 1) * (stream.normal() + 5 + (j % 4 === i % 4 ? 0.7 : 0));
  const name = (_: unknown, i: number): string => `n${i}`;
  return {
    table: functionalsTable(Array.from({ length: rows }, name), Array.from({ length: cols }, name), x),
    targets: { classes: ["a", "b", "c", "d"], labels: Int32Array.from({ length: rows }, (_, i) => i % 4) },
  };
}

describe("logistic regression without standardization", () => {
  it.each([
    // Without the intercept's share in the preconditioner this one did not converge.
    [300, 100, 4, 1],
    // Here float32 rounding makes the preconditioner indefinite.
    [100, 300, 6, 1000],
  ])("converges on %i × %i of %i scales, C %i", async (rows, cols, scales, C) => {
    const { table, targets } = raw(rows, cols, scales);
    const model = await estimator("logistic-regression", { C, standardize: false }).fit(table, targets, {
      random: random(1),
    });
    const { data } = (await model.predict(table)).scores!;
    const right = targets.labels.filter((label, i) => {
      const scores = Array.from(data.subarray(4 * i, 4 * i + 4));
      return scores.indexOf(Math.max(...scores)) === label;
    });
    expect(right.length / rows).toBeGreaterThan(0.95);
  });
});
