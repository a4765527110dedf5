/** Linear discriminant analysis: normal classes of one covariance. */
import {
  addGram,
  type Block,
  block,
  choleskyInPlace,
  solveCholeskyInto,
  transposed,
} from "../math/linear-algebra.js";
import type { Matrix } from "../math/matrix.js";
import { checkpoint } from "./checkpoint.js";
import { defineClassifier } from "./define-estimator.js";
import { linearMap, softmaxCore } from "./linear/linear-core.js";
import { share, wordOr } from "./parameters.js";

/**
 * LDA as scikit-learn's LinearDiscriminantAnalysis(solver="lsqr") has it: the covariances of the classes, averaged by prior,
 * each shrunk towards the identity; "auto" is the amount of Ledoit and Wolf (2004), found on standardized features.
 */
export const linearDiscriminantAnalysis = defineClassifier({
  kind: "linear-discriminant-analysis",
  summary: "Linear discriminant analysis, shrunk covariance: a strong linear baseline that needs no tuning",
  parameters: { shrinkage: wordOr(["auto"], share(0)) },
  standardize: true,
  async fitCore({ x, labels, classes, weights, params, context }) {
    const { cols } = x;
    const totals = new Float64Array(classes);
    labels.forEach((label, i) => {
      totals[label] += weights[i];
    });
    const sum = totals.reduce((a, b) => a + b, 0);
    const covariance = block(cols, cols);
    const means = block(classes, cols);
    for (let k = 0; k < classes; k++) {
      await checkpoint(context, k / classes);
      const members = Int32Array.from(labels.keys()).filter((i) => labels[i] === k);
      const centred = centreClass(x, { members, weights, mean: means, k });
      addShrunk(covariance, centred, { shrinkage: params.shrinkage, prior: totals[k] / sum });
    }
    // Columns that are constant or sums of others have no variance of their own: this much keeps the factor defined.
    let trace = 0;
    for (let j = 0; j < cols; j++) trace += covariance.data[j * cols + j];
    const floor = (1e-9 * trace) / cols || 1;
    for (let j = 0; j < cols; j++) covariance.data[j * cols + j] += floor;
    choleskyInPlace(covariance);
    const coefficients = block(classes, cols, means.data.slice());
    solveCholeskyInto(covariance, coefficients);
    const bias = Float64Array.from(totals, (total, k) => {
      let product = 0;
      for (let at = k * cols; at < (k + 1) * cols; at++) product += means.data[at] * coefficients.data[at];
      return Math.log(total / sum) - product / 2;
    });
    centreOutputs(coefficients, bias);
    return softmaxCore(linearMap({ weights: coefficients, bias }));
  },
});

/** Writes the class's mean, and returns its rows about it, each times the root of its part of the class's weight (features × rows). */
function centreClass(
  x: Matrix,
  { members, weights, mean, k }: { members: Int32Array; weights: Float64Array; mean: Block; k: number },
): Block {
  const { cols, data } = x;
  const total = members.reduce((sum, i) => sum + weights[i], 0);
  for (const i of members)
    for (let j = 0; j < cols; j++) mean.data[k * cols + j] += (weights[i] / total) * data[i * cols + j];
  const rows = new Float64Array(members.length * cols);
  const noise = 2 * members.length * Number.EPSILON;
  members.forEach((i, t) => {
    const root = Math.sqrt(weights[i] / total);
    for (let j = 0; j < cols; j++) {
      const from = mean.data[k * cols + j];
      const apart = data[i * cols + j] - from;
      // What rounding of the mean leaves of a constant column is nothing.
      rows[t * cols + j] = Math.abs(apart) <= noise * Math.abs(from) ? 0 : root * apart;
    }
  });
  return transposed(rows, members.length, cols);
}

/** Adds prior × the shrunk covariance of a class to the lower triangle. */
function addShrunk(
  covariance: Block,
  rows: Block,
  { shrinkage, prior }: { shrinkage: "auto" | number; prior: number },
): void {
  const { rows: features, cols: count } = rows;
  const own = block(features, features);
  addGram(own, rows);
  const variances = Float64Array.from({ length: features }, (_, j) => own.data[j * features + j]);
  // "auto" shrinks the correlations, so to speak: a feature of no variance stays out of it.
  const scales = variances.map((value) => (shrinkage === "auto" ? Math.sqrt(value) : 1));
  const amount = shrinkage === "auto" ? ledoitWolf(own, rows, scales) : shrinkage;
  let trace = 0;
  for (let j = 0; j < features; j++) trace += scales[j] === 0 ? 0 : variances[j] / scales[j] ** 2;
  const level = trace / features;
  for (let i = 0; i < features; i++) {
    for (let j = 0; j <= i; j++)
      covariance.data[i * features + j] += prior * (1 - amount) * own.data[i * features + j];
    const scale = scales[i] === 0 ? 1 : scales[i];
    covariance.data[i * features + i] += count === 1 ? 0 : prior * amount * level * scale * scale;
  }
}

/** The amount of shrinkage of least expected error (Ledoit and Wolf 2004, as sklearn.covariance.ledoit_wolf_shrinkage). */
function ledoitWolf(covariance: Block, rows: Block, scales: Float64Array): number {
  const { rows: p, cols: n } = rows;
  const inverse = scales.map((scale) => (scale > 0 ? 1 / scale : 0));
  const norms = new Float64Array(n);
  let trace = 0;
  for (let j = 0; j < p; j++) {
    for (let t = 0; t < n; t++) norms[t] += (rows.data[j * n + t] * inverse[j]) ** 2;
    trace += covariance.data[j * p + j] * inverse[j] ** 2;
  }
  let squares = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      const value = covariance.data[i * p + j] * inverse[i] * inverse[j];
      squares += (i === j ? 1 : 2) * value * value;
    }
  }
  const level = trace / p;
  // Rows carry 1/√n each, so their squared norms add up to n · Σ‖x‖⁴ / n².
  const fourth = norms.reduce((sum, norm) => sum + norm * norm, 0) * n;
  const beta = (fourth - squares) / (p * n);
  const delta = (squares - 2 * level * trace + p * level * level) / p;
  const held = Math.min(beta, delta);
  return held <= 0 ? 0 : held / delta;
}

/** Takes the mean over the classes away, which the softmax does not see and float32 rounds the better for. */
function centreOutputs(coefficients: Block, bias: Float64Array): void {
  const { rows, cols, data } = coefficients;
  for (let j = 0; j < cols; j++) {
    let mean = 0;
    for (let k = 0; k < rows; k++) mean += data[k * cols + j] / rows;
    for (let k = 0; k < rows; k++) data[k * cols + j] -= mean;
  }
  const mean = bias.reduce((a, b) => a + b, 0) / rows;
  for (let k = 0; k < rows; k++) bias[k] -= mean;
}
