/** Quadratic problems with an L1 penalty, solved coordinate by coordinate. */
import type { Block } from "../../math/linear-algebra.js";

/** minimize ½ vᵀAv − bᵀv + Σ l1ⱼ|vⱼ| + ½ Σ l2ⱼvⱼ². */
export interface QuadraticProblem {
  /** Symmetric, both triangles filled. */
  readonly a: Block;
  readonly b: Float64Array;
  readonly l1: Float64Array;
  readonly l2: Float64Array;
  /** Stop when no coordinate moves by more than this. */
  readonly tolerance: number;
  readonly maxSweeps: number;
}

/**
 * Moves `v` to the minimum: cyclic coordinate descent with the products of the columns at hand (Friedman, Hastie and
 * Tibshirani, "Regularization paths for generalized linear models via coordinate descent", 2010), those that are not zero first.
 * @returns whether it got there within `maxSweeps` sweeps.
 */
export function descendInto(
  v: Float64Array,
  { a, b, l1, l2, tolerance, maxSweeps }: QuadraticProblem,
): boolean {
  const size = v.length;
  const { data, offset, stride } = a;
  const slope = new Float64Array(size);
  for (let j = 0; j < size; j++) slope[j] = -b[j];
  for (let j = 0; j < size; j++) {
    const value = v[j];
    if (value !== 0)
      for (let i = 0, at = offset + j * stride; i < size; i++, at++) slope[i] += value * data[at];
  }
  const sweep = (all: boolean): number => {
    let largest = 0;
    for (let j = 0; j < size; j++) {
      const old = v[j];
      if (!all && old === 0) continue;
      const own = data[offset + j * stride + j];
      const curvature = own + l2[j];
      if (!(curvature > 0)) continue;
      const pull = own * old - slope[j];
      const short = Math.abs(pull) - l1[j];
      const value = short > 0 ? (Math.sign(pull) * short) / curvature : 0;
      const change = value - old;
      if (change === 0) continue;
      v[j] = value;
      for (let i = 0, at = offset + j * stride; i < size; i++, at++) slope[i] += change * data[at];
      largest = Math.max(largest, Math.abs(change));
    }
    return largest;
  };
  for (let sweeps = 0; sweeps < maxSweeps; sweeps++) {
    if (sweep(true) <= tolerance) return true;
    while (sweeps++ < maxSweeps && sweep(false) > tolerance);
  }
  return false;
}
