/** Least squares with a penalty that has an L1 part. */
import { UndertoneError } from "../../errors.js";
import { addGram, block, mirrorLower } from "../../math/linear-algebra.js";
import { checkpoint } from "../checkpoint.js";
import type { ValueRows } from "../define-estimator.js";
import { descendInto } from "./coordinate-descent.js";
import type { LinearSolution } from "./minimize.js";

/**
 * Returns the minimum of 1 / (2 Σ weight) · Σᵢ weightᵢ(yᵢ − w·xᵢ − b)² + l1 · ‖w‖₁ + ½ · l2 · ‖w‖² for each output.
 * @throws UndertoneError `learn/no-convergence`.
 */
export async function fitElasticNet(
  { x, targets, outputs, weights, context }: ValueRows<unknown>,
  { l1, l2, maxSweeps }: { l1: number; l2: number; maxSweeps: number },
): Promise<LinearSolution> {
  const { rows, cols, data } = x;
  const total = weights.reduce((a, b) => a + b, 0);
  const means = new Float64Array(cols);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) means[j] += (weights[i] / total) * data[i * cols + j];
  const centred = block(cols, rows);
  for (let i = 0; i < rows; i++) {
    const root = Math.sqrt(weights[i] / total);
    for (let j = 0; j < cols; j++) centred.data[j * rows + i] = root * (data[i * cols + j] - means[j]);
  }
  const a = block(cols, cols);
  addGram(a, centred);
  mirrorLower(a);
  const solved = block(outputs, cols);
  const bias = new Float64Array(outputs);
  for (let k = 0; k < outputs; k++) {
    await checkpoint(context, k / outputs);
    let centre = 0;
    for (let i = 0; i < rows; i++) centre += (weights[i] / total) * targets[i * outputs + k];
    const b = new Float64Array(cols);
    let spread = 0;
    for (let i = 0; i < rows; i++) {
      const y = Math.sqrt(weights[i] / total) * (targets[i * outputs + k] - centre);
      spread += y * y;
      for (let j = 0; j < cols; j++) b[j] += y * centred.data[j * rows + i];
    }
    const v = solved.data.subarray(k * cols, (k + 1) * cols);
    const reached = descendInto(v, {
      a,
      b,
      l1: new Float64Array(cols).fill(l1),
      l2: new Float64Array(cols).fill(l2),
      tolerance: 1e-8 * Math.sqrt(spread),
      maxSweeps,
    });
    if (!reached) {
      throw new UndertoneError(
        "learn/no-convergence",
        `The penalized regression did not converge in ${maxSweeps} sweeps: a larger alpha or more sweeps help`,
      );
    }
    bias[k] = centre - v.reduce((sum, value, j) => sum + value * means[j], 0);
  }
  return { weights: solved, bias };
}
