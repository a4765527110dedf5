/** Fits linear models of any smooth convex loss: Newton's method, its steps found by preconditioned conjugate gradients. */

import { UndertoneError } from "../../errors.js";
import { choleskySolver } from "../../math/cholesky-solver.js";
import { addProduct, type Block, block, choleskyInPlace } from "../../math/linear-algebra.js";
import { type Matrix, matrix } from "../../math/matrix.js";
import { rowProducts, scatterMatrix } from "../../math/row-products.js";
import { checkpoint } from "../checkpoint.js";
import type { FitContext } from "../estimator.js";

/** A loss of the scores Z (outputs × rows), row weights included. */
export interface LinearLoss {
  /** Whether the outputs share a loss (softmax) or each has its own (one against the rest). */
  readonly coupled: boolean;
  /** Writes the loss of each output to `values` (a shared one as its first) and its derivative by Z to `slope`. */
  evaluateInto(values: Float64Array, slope: Block, z: Block): void;
  /** Writes the second derivative at the last evaluated Z, applied to `direction`, to `out`. */
  curveInto(out: Block, direction: Block): void;
  /** Writes a curvature of each row, averaged over the outputs, that serves as preconditioner. */
  rowCurvatureInto(out: Float64Array): void;
}

/** The problem: minimize ½‖W‖² + ½ · biasPenalty · ‖b‖² + loss(W·Xᵀ + b). */
export interface LinearProblem {
  /** Rows × features. */
  readonly x: Block;
  /** The same, transposed. */
  readonly xt: Block;
  readonly outputs: number;
  readonly loss: LinearLoss;
  readonly biasPenalty: number;
  /** Stop when the gradient's norm has fallen by this factor. */
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly context: FitContext;
  /** Where to start; zeros when absent. */
  readonly start?: LinearSolution | undefined;
}

/** Weights (outputs × features) and one bias an output. */
export interface LinearSolution {
  readonly weights: Block;
  readonly bias: Float64Array;
}

/**
 * Returns the minimum. Newton-CG with an inexact step (Dembo, Eisenstat, Steihaug 1982), Armijo line search on the scores
 * (which costs no product), and I + Xᵀ·D·X as preconditioner, D being the loss's own curvature of each row.
 * @throws UndertoneError `learn/no-convergence`, `cancelled`.
 */
export async function minimizeLinear(problem: LinearProblem): Promise<LinearSolution> {
  const { x, outputs, loss, biasPenalty, context } = problem;
  const rows = x.rows;
  const width = x.cols + 1;
  // Weights and bias of an output side by side: one vector for the conjugate gradients.
  const w = block(outputs, width);
  if (problem.start) {
    for (let k = 0; k < outputs; k++) {
      const { weights, bias } = problem.start;
      w.data.set(
        weights.data.subarray(
          weights.offset + k * weights.stride,
          weights.offset + k * weights.stride + x.cols,
        ),
        k * width,
      );
      w.data[k * width + x.cols] = bias[k];
    }
  }
  const z = block(outputs, rows);
  const slope = block(outputs, rows);
  const trial = block(outputs, rows);
  const stepScores = block(outputs, rows);
  const gradient = block(outputs, width);
  const values = new Float64Array(outputs);
  const trialValues = new Float64Array(outputs);
  const groups = loss.coupled ? 1 : outputs;
  const groupOf = (k: number): number => (loss.coupled ? 0 : k);
  const preconditioner = makePreconditioner(problem);
  const products = roughProducts(problem);

  scoresInto(z, w, x);
  loss.evaluateInto(values, slope, z);
  addPenalty(values, w, { biasPenalty, groupOf });
  gradientInto(gradient, { slope, w }, problem);
  const first = initialNorm(problem, loss, gradient);
  let spent = Number.POSITIVE_INFINITY;
  for (let iteration = 0; ; iteration++) {
    const norm = Math.sqrt(sumOfSquares(gradient.data));
    if (norm <= problem.tolerance * first) break;
    if (iteration === problem.maxIterations) {
      throw new UndertoneError(
        "learn/no-convergence",
        `The linear model did not converge in ${iteration} iterations: the gradient is ${(norm / first).toExponential(1)} of its first, expected ${problem.tolerance}`,
      );
    }
    await checkpoint(context);
    // A refresh costs about as much as twenty steps of the conjugate gradients.
    if (spent > 20) preconditioner.refresh();
    const forcing = Math.min(
      0.1,
      Math.max(Math.sqrt(norm / first), (problem.tolerance * first) / (4 * norm)),
    );
    const step = conjugateGradients({ problem, products, preconditioner, gradient, groups, forcing });
    spent = step.iterations;
    scoresInto(stepScores, step.direction, x);
    const slopeAlong = groupDots(gradient, step.direction, groups);
    const lengths = new Float64Array(groups).fill(1);
    const open = new Uint8Array(groups).fill(1);
    for (let tries = 0; open.includes(1) && tries < 40; tries++) {
      for (let k = 0; k < outputs; k++) {
        const length = lengths[groupOf(k)];
        for (let i = k * rows; i < (k + 1) * rows; i++)
          trial.data[i] = z.data[i] + length * stepScores.data[i];
      }
      loss.evaluateInto(trialValues, slope, trial);
      addPenalty(trialValues, w, { biasPenalty, groupOf, step: { direction: step.direction, lengths } });
      for (let g = 0; g < groups; g++) {
        const wanted = values[g] + 1e-4 * lengths[g] * slopeAlong[g];
        if (trialValues[g] <= wanted + 1e-12 * Math.abs(values[g])) open[g] = 0;
        else if (open[g] === 1) lengths[g] /= 2;
      }
    }
    // Where even the shortest step does not help, the sums have no digits left to give.
    const stuck = open.indexOf(0) < 0;
    for (let k = 0; k < outputs; k++) {
      const length = open[groupOf(k)] === 1 ? 0 : lengths[groupOf(k)];
      for (let j = k * width; j < (k + 1) * width; j++) w.data[j] += length * step.direction.data[j];
    }
    scoresInto(z, w, x);
    loss.evaluateInto(values, slope, z);
    addPenalty(values, w, { biasPenalty, groupOf });
    gradientInto(gradient, { slope, w }, problem);
    if (stuck) break;
  }
  const weights = block(outputs, x.cols);
  const bias = new Float64Array(outputs);
  for (let k = 0; k < outputs; k++) {
    weights.data.set(w.data.subarray(k * width, k * width + x.cols), k * x.cols);
    bias[k] = w.data[k * width + x.cols];
  }
  return { weights, bias };
}

function columns(b: Block, cols: number): Block {
  return { ...b, cols };
}

function scoresInto(z: Block, w: Block, x: Block): void {
  for (let k = 0; k < z.rows; k++)
    z.data.fill(w.data[k * w.stride + x.cols], k * z.stride, (k + 1) * z.stride);
  addProduct(z, columns(w, x.cols), x);
}

function gradientInto(
  gradient: Block,
  { slope, w }: { slope: Block; w: Block },
  { xt, biasPenalty }: Pick<LinearProblem, "xt" | "biasPenalty">,
): void {
  const features = xt.rows;
  gradient.data.set(w.data);
  addProduct(columns(gradient, features), slope, xt);
  for (let k = 0; k < slope.rows; k++) {
    let sum = 0;
    for (let i = k * slope.stride; i < (k + 1) * slope.stride; i++) sum += slope.data[i];
    const at = k * gradient.stride + features;
    gradient.data[at] = biasPenalty * w.data[at] + sum;
  }
}

/** Products in float32, of which the conjugate gradients take many: Newton's steps need not be exact, their gradient is. */
interface RoughProducts {
  scoresInto(z: Block, w: Block): void;
  gradientInto(gradient: Block, slope: Block, w: Block): void;
}

function roughProducts({ x, xt, outputs, biasPenalty }: LinearProblem): RoughProducts {
  const weights = matrix(outputs, x.cols);
  const slopes = matrix(outputs, x.rows);
  const forwards = rowProducts(floats(x), weights);
  const backwards = rowProducts(floats(xt), slopes);
  return {
    scoresInto(z, w) {
      for (let k = 0; k < outputs; k++)
        for (let j = 0; j < x.cols; j++) weights.data[k * x.cols + j] = w.data[k * w.stride + j];
      forwards.setRight(weights);
      const { data, at, stride } = forwards.tile(0, x.rows, 0, outputs);
      for (let k = 0; k < outputs; k++) {
        const bias = w.data[k * w.stride + x.cols];
        for (let i = 0; i < x.rows; i++) z.data[k * z.stride + i] = bias + data[at + i * stride + k];
      }
    },
    gradientInto(gradient, slope, w) {
      for (let k = 0; k < outputs; k++) {
        let sum = 0;
        for (let i = 0; i < x.rows; i++) {
          const value = slope.data[k * slope.stride + i];
          slopes.data[k * x.rows + i] = value;
          sum += value;
        }
        const last = k * gradient.stride + x.cols;
        gradient.data[last] = biasPenalty * w.data[k * w.stride + x.cols] + sum;
      }
      backwards.setRight(slopes);
      const { data, at, stride } = backwards.tile(0, x.cols, 0, outputs);
      for (let k = 0; k < outputs; k++)
        for (let j = 0; j < x.cols; j++)
          gradient.data[k * gradient.stride + j] = w.data[k * w.stride + j] + data[at + j * stride + k];
    },
  };
}

function floats(b: Block): Matrix {
  const out = matrix(b.rows, b.cols);
  for (let i = 0; i < b.rows; i++)
    out.data.set(b.data.subarray(b.offset + i * b.stride, b.offset + i * b.stride + b.cols), i * b.cols);
  return out;
}

/** The norm at zero weights, so that a warm start has to become as exact as a cold one. */
function initialNorm(problem: LinearProblem, loss: LinearLoss, gradient: Block): number {
  if (!problem.start) return Math.sqrt(sumOfSquares(gradient.data));
  const { outputs, x } = problem;
  const zero = block(outputs, x.cols + 1);
  const slope = block(outputs, x.rows);
  loss.evaluateInto(new Float64Array(outputs), slope, block(outputs, x.rows));
  const at = block(outputs, x.cols + 1);
  gradientInto(at, { slope, w: zero }, problem);
  return Math.sqrt(sumOfSquares(at.data));
}

function addPenalty(
  values: Float64Array,
  w: Block,
  {
    biasPenalty,
    groupOf,
    step,
  }: {
    biasPenalty: number;
    groupOf: (k: number) => number;
    step?: { direction: Block; lengths: Float64Array };
  },
): void {
  for (let k = 0; k < w.rows; k++) {
    const length = step ? step.lengths[groupOf(k)] : 0;
    let sum = 0;
    for (let j = 0; j < w.cols; j++) {
      const at = k * w.stride + j;
      const value = w.data[at] + (step ? length * step.direction.data[at] : 0);
      sum += (j === w.cols - 1 ? biasPenalty : 1) * value * value;
    }
    values[groupOf(k)] += sum / 2;
  }
}

interface Preconditioner {
  /** Takes the loss's curvature at the present scores. */
  refresh(): void;
  /** Writes M⁻¹·r to `out`. */
  applyInto(out: Block, r: Block): void;
}

/**
 * I + Xᵀ·D·X with the intercept's row and column, D being the loss's own curvature of each row: about the weighted mean of the rows the
 * intercept stands alone, so that its share is taken off before and added after.
 */
function makePreconditioner({ x, loss, biasPenalty }: LinearProblem): Preconditioner {
  const curvature = new Float64Array(x.rows);
  const factor = block(x.cols, x.cols);
  const solver = choleskySolver(x.cols);
  const centre = new Float64Array(x.cols);
  let biasCurvature = 1;
  return {
    refresh() {
      loss.rowCurvatureInto(curvature);
      const total = curvature.reduce((a, b) => a + b, 0);
      // Rows that the model is sure of hardly bend the loss: the preconditioner does without them.
      const kept = Array.from(curvature.keys()).filter((i) => curvature[i] > (0.03 * total) / x.rows);
      biasCurvature = biasPenalty + total + 1e-12;
      centre.fill(0);
      for (const i of kept)
        for (let j = 0; j < x.cols; j++)
          centre[j] += (curvature[i] / biasCurvature) * x.data[x.offset + i * x.stride + j];
      // Float32 products: a preconditioner that is right to six digits is right enough.
      const scaled = matrix(kept.length, x.cols);
      for (let t = 0, at = 0; t < kept.length; t++) {
        const from = x.offset + kept[t] * x.stride;
        const root = Math.sqrt(curvature[kept[t]]);
        for (let j = 0; j < x.cols; j++, at++) scaled.data[at] = (x.data[from + j] - centre[j]) * root;
      }
      factorize(factor, scatterMatrix(scaled, new Float64Array(x.cols)));
      solver.setFactor(factor);
    },
    applyInto(out, r) {
      for (let k = 0; k < out.rows; k++) {
        const bias = r.data[k * r.stride + x.cols];
        for (let j = 0; j < x.cols; j++)
          out.data[k * out.stride + j] = r.data[k * r.stride + j] - centre[j] * bias;
      }
      solver.solveInto(columns(out, x.cols));
      for (let k = 0; k < out.rows; k++) {
        let share = 0;
        for (let j = 0; j < x.cols; j++) share += centre[j] * out.data[k * out.stride + j];
        out.data[k * out.stride + x.cols] = r.data[k * r.stride + x.cols] / biasCurvature - share;
      }
    },
  };
}

/** Factorizes I + a product in float32: where rounding has made it indefinite, its diagonal is raised until it is not. */
function factorize(factor: Block, product: Float64Array): void {
  const { rows: n, data } = factor;
  for (let raised = 1e-6; ; raised *= 100) {
    data.set(product);
    for (let at = 0; at < n * n; at += n + 1) data[at] = 1 + data[at] * (1 + raised);
    try {
      choleskyInPlace(factor);
      return;
    } catch (error) {
      if (raised > 1e6) throw error;
    }
  }
}

/** Returns the step −H⁻¹·g, to the relative exactness `forcing`, separately for each group of outputs. */
function conjugateGradients({
  problem,
  products,
  preconditioner,
  gradient,
  groups,
  forcing,
}: {
  problem: LinearProblem;
  products: RoughProducts;
  preconditioner: Preconditioner;
  gradient: Block;
  groups: number;
  forcing: number;
}): { direction: Block; iterations: number } {
  const { x, outputs, loss } = problem;
  const { cols: width } = gradient;
  const direction = block(outputs, width);
  const residual = block(
    outputs,
    width,
    gradient.data.map((value) => -value),
  );
  const solved = block(outputs, width);
  preconditioner.applyInto(solved, residual);
  const search = block(outputs, width, solved.data.slice());
  const along = block(outputs, x.rows);
  const curved = block(outputs, x.rows);
  const product = block(outputs, width);
  let rho = groupDots(residual, solved, groups);
  const goal = rho.map((value) => value * forcing * forcing);
  let iterations = 0;
  const limit = 20 + width;
  const perGroup = outputs / groups;
  while (rho.some((value, g) => value > goal[g] && value > 0) && iterations < limit) {
    iterations++;
    products.scoresInto(along, search);
    loss.curveInto(curved, along);
    products.gradientInto(product, curved, search);
    const curvature = groupDots(search, product, groups);
    for (let g = 0; g < groups; g++) {
      if (!(rho[g] > goal[g]) || !(curvature[g] > 0)) continue;
      const alpha = rho[g] / curvature[g];
      const [from, to] = [g * perGroup * width, (g + 1) * perGroup * width];
      for (let i = from; i < to; i++) {
        direction.data[i] += alpha * search.data[i];
        residual.data[i] -= alpha * product.data[i];
      }
    }
    preconditioner.applyInto(solved, residual);
    const next = groupDots(residual, solved, groups);
    for (let g = 0; g < groups; g++) {
      const beta = rho[g] > 0 ? next[g] / rho[g] : 0;
      const [from, to] = [g * perGroup * width, (g + 1) * perGroup * width];
      for (let i = from; i < to; i++) search.data[i] = solved.data[i] + beta * search.data[i];
    }
    rho = next;
  }
  return { direction, iterations };
}

function groupDots(a: Block, b: Block, groups: number): Float64Array {
  const each = a.data.length / groups;
  return Float64Array.from({ length: groups }, (_, g) => {
    let sum = 0;
    for (let i = g * each; i < (g + 1) * each; i++) sum += a.data[i] * b.data[i];
    return sum;
  });
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
