/** Solves the dual of a two-class support vector machine by sequential minimal optimization. */
import { leastCurvature } from "./dual-loops.js";
import type { KernelMemory } from "./kernel-memory.js";

/** min ½αᵀQα + linear·α (−Σα unless told) with 0 ≤ αᵢ ≤ boundᵢ and Σ yᵢαᵢ = 0, Q(i, j) = yᵢyⱼK(i, j). */
export interface DualProblem {
  /** Variable t is of point t, or of point t − size where there are two variables a point. Needs `dualBytes` of the memory's free bytes. */
  readonly kernel: KernelMemory;
  /** 1 or −1. */
  readonly signs: Int8Array;
  /** Bound of each α; a row with bound 0 takes no part, and its decision value is one of a row not seen. */
  readonly bounds: Float64Array;
  /** −1 each when absent, as classification has it. */
  readonly linear?: Float64Array;
  /** Largest violation of the optimality conditions at the end. */
  readonly tolerance: number;
}

/** The solution: decision values are Σ yⱼαⱼK(i, j) − rho. */
export interface DualSolution {
  readonly alpha: Float64Array;
  readonly rho: number;
  /** Decision value of every row, those with bound 0 included. */
  readonly decisions: Float64Array;
  /** ½αᵀQα + linear·α. */
  readonly objective: number;
  readonly iterations: number;
}

const found = 64;

/** Returns how many bytes of the kernel's memory the solver needs for `points` with `copies` variables each. */
export function dualBytes(points: number, copies = 1): number {
  return found + 8 * (points + (points & 1)) * (1 + 3 * copies);
}

/**
 * Returns the solution of a dual problem: working sets chosen by second-order information (Fan, Chen and Lin 2005, WSS 2),
 * threshold as in LIBSVM (Chang and Lin 2011), without shrinking. In β = yα the problem has no signs: β rises by δ in one place and
 * falls by δ in another, and the scores −y ∂/∂α fall by δ (K(i, ·) − K(j, ·)) (Bottou and Lin 2007).
 */
export function solveDual({ kernel, signs, bounds, linear, tolerance }: DualProblem): DualSolution {
  const { loops, size } = kernel;
  const { run } = loops;
  const n = signs.length;
  const copies = n / size;
  const width = size + (size & 1);
  const pairs = width / 2;
  if (dualBytes(size, copies) > kernel.free)
    throw new RangeError(`solveDual: got ${kernel.free} free bytes, expected ${dualBytes(size, copies)}`);
  const buffer = loops.memory(0);
  const vector = (at: number, length: number): Float64Array => new Float64Array(buffer, at, length);
  const result = vector(0, 6);
  const diagonalAt = found;
  const scoresAt = diagonalAt + 8 * width;
  const upAt = scoresAt + 8 * width * copies;
  const downAt = upAt + 8 * width * copies;
  const scores = vector(scoresAt, width * copies).fill(0);
  // Added to a score, what keeps variables at a bound from being chosen to rise, or to fall.
  const up = vector(upAt, width * copies).fill(Number.NEGATIVE_INFINITY);
  const down = vector(downAt, width * copies).fill(Number.POSITIVE_INFINITY);
  vector(diagonalAt, width).fill(1).set(kernel.diagonal);
  const beta = new Float64Array(width * copies);
  const lows = new Float64Array(width * copies);
  const highs = new Float64Array(width * copies);
  const place = (t: number): number => (t < size ? t : t - size + width);
  for (let t = 0; t < n; t++) {
    const at = place(t);
    scores[at] = -signs[t] * (linear ? linear[t] : -1);
    if (signs[t] === 1) highs[at] = bounds[t];
    else lows[at] = -bounds[t];
    if (highs[at] > 0) up[at] = 0;
    if (lows[at] < 0) down[at] = 0;
  }
  const set = (at: number, value: number): void => {
    beta[at] = value;
    up[at] = value < highs[at] ? 0 : Number.NEGATIVE_INFINITY;
    down[at] = value > lows[at] ? 0 : Number.POSITIVE_INFINITY;
  };
  const limit = Math.max(10_000_000, 100 * n);
  let iterations = 0;
  let [i, delta, rowI, rowJ] = [-1, 0, kernel.row(0), kernel.row(0)];
  for (; ; iterations++) {
    let top = Number.NEGATIVE_INFINITY;
    for (let copy = 0; copy < copies; copy++) {
      const from = 8 * copy * width;
      run.move(scoresAt + from, upAt + from, rowI, rowJ, pairs, 0, delta);
      for (let lane = 0; lane < 2; lane++)
        if (result[lane] > top) [top, i] = [result[lane], copy * width + result[2 + lane]];
    }
    if (top === Number.NEGATIVE_INFINITY || iterations === limit) break;
    rowI = kernel.row(i % width);
    let [bottom, reach, j] = [Number.POSITIVE_INFINITY, 0, -1];
    const own = kernel.diagonal[i % width];
    for (let copy = 0; copy < copies; copy++) {
      const from = 8 * copy * width;
      run.seek(scoresAt + from, downAt + from, diagonalAt, rowI, pairs, 0, top, own);
      for (let lane = 0; lane < 2; lane++) {
        bottom = Math.min(bottom, result[4 + lane]);
        if (result[lane] > reach) [reach, j] = [result[lane], copy * width + result[2 + lane]];
      }
    }
    if (j < 0 || top - bottom < tolerance) break;
    rowJ = kernel.row(j % width);
    const cross = new Float32Array(buffer, rowI, size)[j % width];
    const curvature = Math.max(own + kernel.diagonal[j % width] - 2 * cross, leastCurvature);
    const rise = highs[i] - beta[i];
    const fall = beta[j] - lows[j];
    delta = Math.min((top - scores[j]) / curvature, rise, fall);
    // A bound that is reached is reached exactly.
    set(i, delta === rise ? highs[i] : beta[i] + delta);
    set(j, delta === fall ? lows[j] : beta[j] - delta);
  }
  const alpha = Float64Array.from({ length: n }, (_, t) => Math.abs(beta[place(t)]));
  const gradient = Float64Array.from({ length: n }, (_, t) => -signs[t] * scores[place(t)]);
  const rho = threshold(alpha, gradient, signs, bounds);
  const costs = linear ?? new Float64Array(n).fill(-1);
  const decisions = gradient.map((g, t) => signs[t] * (g - costs[t]) - rho);
  let objective = 0;
  for (let t = 0; t < n; t++) objective += (alpha[t] * (gradient[t] + costs[t])) / 2;
  return { alpha, rho, decisions, objective, iterations };
}

/** The mean over the free rows, or the middle of what the bound ones allow. */
function threshold(
  alpha: Float64Array,
  gradient: Float64Array,
  signs: Int8Array,
  bounds: Float64Array,
): number {
  let upper = Number.POSITIVE_INFINITY;
  let lower = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let free = 0;
  for (let t = 0; t < signs.length; t++) {
    if (bounds[t] === 0) continue;
    const value = signs[t] * gradient[t];
    if (alpha[t] > 0 && alpha[t] < bounds[t]) {
      free++;
      sum += value;
    } else if (alpha[t] > 0 === (signs[t] === 1)) lower = Math.max(lower, value);
    else upper = Math.min(upper, value);
  }
  if (free > 0) return sum / free;
  if (upper === Number.POSITIVE_INFINITY) return lower === Number.NEGATIVE_INFINITY ? 0 : lower;
  return lower === Number.NEGATIVE_INFINITY ? upper : (upper + lower) / 2;
}
