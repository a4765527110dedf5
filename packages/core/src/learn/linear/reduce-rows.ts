/** Turns a wide problem (more features than rows) into an equal one with as many features as rows. */
import {
  addGram,
  addProduct,
  type Block,
  block,
  choleskyInPlace,
  solveLowerTransposed,
  transposed,
} from "../../math/linear-algebra.js";
import type { LinearSolution } from "./minimize.js";

/** Rows with fewer features, and the way back. */
export interface ReducedRows {
  readonly x: Block;
  /** Returns the solution in the features of the original rows. */
  expand(solution: LinearSolution): LinearSolution;
}

/**
 * Returns rows X' with X'·X'ᵀ = X·Xᵀ, when there are more features than rows, and X itself otherwise. The minimum of
 * ½‖W‖² + loss(W·Xᵀ) lies in the span of the rows (representer theorem), so with X·Xᵀ = L·Lᵀ the problem on L has the same
 * scores and the same penalty: W = W'·L⁻¹·X.
 */
export function reduceRows(x: Block): ReducedRows {
  if (x.cols <= x.rows) return { x, expand: (solution) => solution };
  const n = x.rows;
  const gram = block(n, n);
  addGram(gram, x);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += gram.data[i * n + i];
  // Centred or repeated rows make the product singular; this little is below what the result shows.
  const ridge = (1e-10 * trace) / n + Number.MIN_VALUE;
  for (let i = 0; i < n; i++) gram.data[i * n + i] += ridge || 1;
  choleskyInPlace(gram);
  for (let i = 0; i < n; i++) gram.data.fill(0, i * n + i + 1, (i + 1) * n);
  return {
    x: gram,
    expand({ weights, bias }) {
      // W = W'·L⁻¹·X = (L⁻ᵀ·W'ᵀ)ᵀ·X.
      const coefficients = block(weights.rows, n, weights.data.slice());
      for (let k = 0; k < weights.rows; k++) solveLowerTransposed(gram, coefficients.data, k * n);
      const wide = block(weights.rows, x.cols);
      addProduct(wide, coefficients, transposed(x.data, n, x.cols));
      return { weights: wide, bias };
    },
  };
}
