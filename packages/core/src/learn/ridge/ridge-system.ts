/** The least-squares problem behind a ridge classifier, in whichever of its two forms is the smaller. */
import { addProduct, type Block, block } from "../../math/linear-algebra.js";
import { type Matrix, matrix } from "../../math/matrix.js";
import { type RowProducts, rowProducts } from "../../math/row-products.js";
import type { LinearSolution } from "../linear/minimize.js";

/** What is to be fitted: minimizes Σᵢ weightᵢ · ‖targetsᵢ − W·xᵢ − b‖² + alpha · ‖W‖², the intercepts b free of penalty. */
export interface RidgeRows {
  /** Rows × features. */
  readonly x: Matrix;
  /** Outputs × rows. */
  readonly targets: Block;
  /** Positive. */
  readonly weights: Float64Array;
  /** Fold of each row; absent where all are of fold 0. */
  readonly folds?: Int32Array | undefined;
  /** Whether products may be rounded to float32, which is ten times as quick: for strengths from a tenth of `scale` on. */
  readonly rough?: boolean;
  /** Called between pieces of the work of a second or so. */
  readonly rest?: () => Promise<void>;
}

/** A problem of whole folds that is set up once and solved for several strengths, with one of its folds left out or none. */
export interface RidgePart {
  /** How many values a row has. */
  readonly outputs: number;
  /** Returns the minimum. */
  solve(alpha: number): LinearSolution;
  /**
   * Returns, for each strength (positive, rising), values of the rows of `fold`, outputs × rows in their order, at the minimum of the other
   * folds' rows; to a relative residual of 3e-4. There are others, and the fold is the problem's own.
   */
  valuesWithout(fold: number, alphas: readonly number[]): Block[];
}

/** The problem of all rows. */
export interface RidgeSystem extends RidgePart {
  /** Mean squared length of the rows about their mean, in which strengths are counted. */
  readonly scale: number;
  /** Returns the problem of some of the outputs on the rows of some folds, by default all. */
  part(outputs: readonly number[], folds?: ReadonlySet<number>): RidgePart;
}

/** Returns the rows of each fold. */
export function rowsByFold({ x, folds }: Pick<RidgeRows, "x" | "folds">): Map<number, Int32Array> {
  const all = Int32Array.from({ length: x.rows }, (_, i) => i);
  if (!folds) return new Map([[0, all]]);
  return new Map([...new Set(folds)].map((fold) => [fold, all.filter((i) => folds[i] === fold)]));
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
export function weightedMeans(
  { data, rows, cols }: Pick<Matrix, "rows" | "cols"> & { readonly data: ArrayLike<number> },
  weights: Float64Array,
): Float64Array {
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

/** Returns a block rounded to float32. */
export function rounded({ data, rows, cols }: Block): Matrix {
  return matrix(rows, cols, new Float32Array(data));
}

/** Rows of products at a time. */
const band = 256;

/** Returns what writes the products of a symmetric block with each of `count` vectors, in float32 where it is `rough`. */
export function productWith(
  square: Block,
  rough: boolean,
): (vectors: Float64Array, count: number, out: Float64Array) => void {
  const n = square.rows;
  if (!rough)
    return (vectors, count, out) => {
      out.fill(0);
      addProduct(block(count, n, out), block(count, n, vectors), square);
    };
  let products: RowProducts | undefined;
  return (vectors, count, out) => {
    const right = rounded(block(count, n, vectors));
    if (products) products.setRight(right);
    else products = rowProducts(rounded(square), right);
    for (let from = 0; from < n; from += band) {
      const to = Math.min(n, from + band);
      const { data, at, stride } = products.tile(from, to, 0, count);
      for (let i = from; i < to; i++)
        for (let k = 0; k < count; k++) out[k * n + i] = data[at + (i - from) * stride + k];
    }
  };
}
