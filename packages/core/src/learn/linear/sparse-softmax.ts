/** Multinomial logistic regression with an L1 part in its penalty. */
import { UndertoneError } from "../../errors.js";
import {
  addGram,
  addProduct,
  type Block,
  block,
  mirrorLower,
  transposed,
} from "../../math/linear-algebra.js";
import { checkpoint } from "../checkpoint.js";
import type { FitContext } from "../estimator.js";
import { descendInto } from "./coordinate-descent.js";
import type { LinearSolution } from "./minimize.js";
import { softmaxLoss } from "./softmax-loss.js";

/** minimize Σᵢ weightᵢ · lossᵢ + l1 · ‖W‖₁ + ½ · l2 · ‖W‖², the intercepts free of penalty. */
export interface SparseProblem {
  readonly x: Block;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly weights: Float64Array;
  readonly l1: number;
  readonly l2: number;
  readonly maxIterations: number;
  readonly context: FitContext;
}

/**
 * Returns the minimum: proximal steps in the metric of Böhning's bound of the curvature, ½ XᵀDX for each class ("Multinomial
 * logistic regression algorithm", 1992), with Nesterov's momentum, restarted where it points uphill (O'Donoghue and Candès 2015).
 * @throws UndertoneError `learn/no-convergence`, `cancelled`.
 */
export async function minimizeSparseSoftmax(problem: SparseProblem): Promise<LinearSolution> {
  const { classes, weights, maxIterations, context } = problem;
  const rows = problem.x.rows;
  const width = problem.x.cols + 1;
  const x = withOnes(problem.x);
  const xt = transposed(x.data, rows, width);
  const metric = curvatureBound(xt, weights);
  const penalized = (amount: number): Float64Array => new Float64Array(width).fill(amount, 0, width - 1);
  const [l1, l2] = [penalized(problem.l1), penalized(problem.l2)];
  const loss = softmaxLoss(problem.labels, weights, classes);
  let held = block(classes, width);
  let ahead = block(classes, width);
  const z = block(classes, rows);
  const slope = block(classes, rows);
  const gradient = block(classes, width);
  const values = new Float64Array(1);
  let momentum = 1;
  let moved = 1;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (iteration % 8 === 0) await checkpoint(context);
    z.data.fill(0);
    addProduct(z, ahead, x);
    loss.evaluateInto(values, slope, z);
    // b = M·y − g, M being the metric and y the point ahead.
    gradient.data.fill(0);
    addProduct(gradient, slope, xt, -1);
    addProduct(gradient, ahead, metric);
    const next = block(classes, width, ahead.data.slice());
    for (let k = 0; k < classes; k++) {
      descendInto(next.data.subarray(k * width, (k + 1) * width), {
        a: metric,
        b: gradient.data.subarray(k * width, (k + 1) * width),
        l1,
        l2,
        tolerance: Math.max(1e-12, 1e-2 * moved),
        maxSweeps: 100,
      });
    }
    let uphill = 0;
    let largest = 0;
    moved = 0;
    for (let at = 0; at < next.data.length; at++) {
      const step = next.data[at] - ahead.data[at];
      uphill -= step * (next.data[at] - held.data[at]);
      moved = Math.max(moved, Math.abs(step));
      largest = Math.max(largest, Math.abs(next.data[at]));
    }
    if (moved <= 1e-8 * Math.max(1e-4, largest)) return split(next, problem.x.cols);
    if (uphill > 0) momentum = 1;
    const faster = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const reach = uphill > 0 ? 0 : (momentum - 1) / faster;
    const beyond = next.data.map((value, at) => value + reach * (value - held.data[at]));
    momentum = faster;
    held = next;
    ahead = block(classes, width, beyond);
  }
  throw new UndertoneError(
    "learn/no-convergence",
    `The logistic regression did not converge in ${maxIterations} steps: the last one moved a coefficient by ${moved.toExponential(1)}`,
  );
}

function withOnes(x: Block): Block {
  const width = x.cols + 1;
  const out = block(x.rows, width);
  for (let i = 0; i < x.rows; i++) {
    const from = x.offset + i * x.stride;
    out.data.set(x.data.subarray(from, from + x.cols), i * width);
    out.data[i * width + x.cols] = 1;
  }
  return out;
}

function curvatureBound(xt: Block, weights: Float64Array): Block {
  const scaled = block(xt.rows, xt.cols);
  for (let at = 0; at < scaled.data.length; at++)
    scaled.data[at] = xt.data[at] * Math.sqrt(weights[at % xt.cols] / 2);
  const metric = block(xt.rows, xt.rows);
  addGram(metric, scaled);
  mirrorLower(metric);
  return metric;
}

function split(w: Block, cols: number): LinearSolution {
  const weights = block(w.rows, cols);
  const bias = new Float64Array(w.rows);
  for (let k = 0; k < w.rows; k++) {
    weights.data.set(w.data.subarray(k * w.cols, k * w.cols + cols), k * cols);
    bias[k] = w.data[k * w.cols + cols];
  }
  return { weights, bias };
}
