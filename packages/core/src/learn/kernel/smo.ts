/** Solves the dual of a two-class support vector machine by sequential minimal optimization. */

/** min ½αᵀQα + linear·α (−Σα unless told) with 0 ≤ αᵢ ≤ boundᵢ and Σ yᵢαᵢ = 0, Q(i, j) = yᵢyⱼK(i, j). */
export interface DualProblem {
  /** Returns row i of Q. */
  readonly row: (i: number) => Float32Array;
  readonly diagonal: Float64Array;
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

/**
 * Returns the solution of a dual problem: working sets chosen by second-order information (Fan, Chen and Lin 2005, WSS 2),
 * updates and threshold as in LIBSVM (Chang and Lin 2011), without shrinking.
 */
export function solveDual({ row, diagonal, signs, bounds, linear, tolerance }: DualProblem): DualSolution {
  const n = signs.length;
  const alpha = new Float64Array(n);
  const costs = linear ?? new Float64Array(n).fill(-1);
  const gradient = costs.slice();
  const limit = Math.max(10_000_000, 100 * n);
  let iterations = 0;
  for (; iterations < limit; iterations++) {
    let top = Number.NEGATIVE_INFINITY;
    let i = -1;
    for (let t = 0; t < n; t++) {
      if (signs[t] === 1) {
        if (alpha[t]! < bounds[t]! && -gradient[t]! > top) {
          top = -gradient[t]!;
          i = t;
        }
      } else if (alpha[t]! > 0 && gradient[t]! > top) {
        top = gradient[t]!;
        i = t;
      }
    }
    if (i < 0) break;
    const qi = row(i);
    const signI = signs[i]!;
    let bottom = Number.POSITIVE_INFINITY;
    let best = Number.POSITIVE_INFINITY;
    let j = -1;
    for (let t = 0; t < n; t++) {
      const positive = signs[t] === 1;
      if (positive ? alpha[t]! <= 0 : alpha[t]! >= bounds[t]!) continue;
      const value = positive ? -gradient[t]! : gradient[t]!;
      if (value < bottom) bottom = value;
      const gain = top - value;
      if (gain <= 0) continue;
      const curvature = diagonal[i]! + diagonal[t]! - 2 * signI * (positive ? qi[t]! : -qi[t]!);
      const reach = -(gain * gain) / (curvature > 0 ? curvature : 1e-12);
      if (reach <= best) {
        best = reach;
        j = t;
      }
    }
    if (j < 0 || top - bottom < tolerance) break;
    const qj = row(j);
    const [oldI, oldJ] = [alpha[i]!, alpha[j]!];
    const [boundI, boundJ] = [bounds[i]!, bounds[j]!];
    let [newI, newJ] = [oldI, oldJ];
    if (signs[i] !== signs[j]) {
      const curvature = Math.max(diagonal[i]! + diagonal[j]! + 2 * qi[j]!, 1e-12);
      const delta = (-gradient[i]! - gradient[j]!) / curvature;
      const difference = oldI - oldJ;
      newI += delta;
      newJ += delta;
      if (difference > 0) {
        if (newJ < 0) [newI, newJ] = [difference, 0];
      } else if (newI < 0) [newI, newJ] = [0, -difference];
      if (difference > boundI - boundJ) {
        if (newI > boundI) [newI, newJ] = [boundI, boundI - difference];
      } else if (newJ > boundJ) [newI, newJ] = [boundJ + difference, boundJ];
    } else {
      const curvature = Math.max(diagonal[i]! + diagonal[j]! - 2 * qi[j]!, 1e-12);
      const delta = (gradient[i]! - gradient[j]!) / curvature;
      const sum = oldI + oldJ;
      newI -= delta;
      newJ += delta;
      if (sum > boundI) {
        if (newI > boundI) [newI, newJ] = [boundI, sum - boundI];
      } else if (newJ < 0) [newI, newJ] = [sum, 0];
      if (sum > boundJ) {
        if (newJ > boundJ) [newI, newJ] = [sum - boundJ, boundJ];
      } else if (newI < 0) [newI, newJ] = [0, sum];
    }
    alpha[i] = newI;
    alpha[j] = newJ;
    const [changeI, changeJ] = [newI - oldI, newJ - oldJ];
    for (let t = 0; t < n; t++) gradient[t]! += qi[t]! * changeI + qj[t]! * changeJ;
  }
  const rho = threshold(alpha, gradient, signs, bounds);
  const decisions = gradient.map((g, t) => signs[t]! * (g - costs[t]!) - rho);
  let objective = 0;
  for (let t = 0; t < n; t++) objective += (alpha[t]! * (gradient[t]! + costs[t]!)) / 2;
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
    const value = signs[t]! * gradient[t]!;
    if (alpha[t]! > 0 && alpha[t]! < bounds[t]!) {
      free++;
      sum += value;
    } else if (alpha[t]! > 0 === (signs[t] === 1)) lower = Math.max(lower, value);
    else upper = Math.min(upper, value);
  }
  if (free > 0) return sum / free;
  if (upper === Number.POSITIVE_INFINITY) return lower === Number.NEGATIVE_INFINITY ? 0 : lower;
  return lower === Number.NEGATIVE_INFINITY ? upper : (upper + lower) / 2;
}
