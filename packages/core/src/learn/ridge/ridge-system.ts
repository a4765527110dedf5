/** The least-squares problem behind a ridge classifier, in whichever of its two forms is the smaller. */
import { type Block, block } from "../../math/linear-algebra.js";
import type { LinearSolution } from "../linear/minimize.js";

/** What is to be fitted: minimizes Σᵢ weightᵢ · ‖targetsᵢ − W·xᵢ − b‖² + alpha · ‖W‖², the intercepts b free of penalty. */
export interface RidgeRows {
  /** Rows × features. */
  readonly x: Block;
  /** Outputs × rows. */
  readonly targets: Block;
  /** Positive. */
  readonly weights: Float64Array;
  /** Whether products may be rounded to float32, which is ten times as quick: for strengths from a tenth of `scale` on. */
  readonly rough?: boolean;
  /** Called between pieces of the work of a second or so. */
  readonly rest?: () => Promise<void>;
}

/** A problem that is set up once and solved for several strengths and subsets of its rows. */
export interface RidgeSystem {
  /** How many values a row has. */
  readonly outputs: number;
  /** Mean squared length of the rows about their mean, in which strengths are counted. */
  readonly scale: number;
  /** Returns the minimum. */
  solve(alpha: number): LinearSolution;
  /**
   * Returns, for each strength (positive, rising), outputs × rows values at the minimum of the rows outside `held`;
   * to a relative residual of 3e-4.
   */
  valuesWithout(held: (row: number) => boolean, alphas: readonly number[]): Block[];
  /** Returns the problem of some of the outputs on some of the rows, default all, both numbered anew. */
  part(outputs: readonly number[], rows?: Int32Array): RidgeSystem;
}

/** Returns the targets of some outputs and rows. */
export function partOfTargets(targets: Block, outputs: readonly number[], rows: Int32Array): Block {
  const part = block(outputs.length, rows.length);
  outputs.forEach((k, o) => {
    rows.forEach((i, s) => {
      part.data[o * rows.length + s] = targets.data[k * targets.cols + i];
    });
  });
  return part;
}

/** How exactly the folds' systems are solved: they choose a strength and a temperature, for which four digits are plenty. */
export const foldTolerance = 3e-4;
export const foldIterations = 500;

/** Returns the weighted mean of each column of rows × cols values. */
export function weightedMeans({ data, rows, cols }: Block, weights: Float64Array): Float64Array {
  const means = new Float64Array(cols);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const w = weights[i];
    if (w === 0) continue;
    total += w;
    for (let j = 0; j < cols; j++) means[j] += w * data[i * cols + j];
  }
  return means.map((sum) => sum / total);
}

/** Returns the weighted mean of each row of outputs × rows values. */
export function outputMeans({ data, rows, cols }: Block, weights: Float64Array): Float64Array {
  let total = 0;
  for (const w of weights) total += w;
  return Float64Array.from({ length: rows }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < cols; i++) sum += weights[i] * data[k * cols + i];
    return sum / total;
  });
}
