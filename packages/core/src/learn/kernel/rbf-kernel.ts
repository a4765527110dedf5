/** The radial basis function kernel, exp(−γ‖x − y‖²), and the linear one, x·y. */
import { addProduct, type Block, block } from "../../math/linear-algebra.js";
import type { Matrix } from "../../math/matrix.js";

/** Returns the rows, float64, with the centre subtracted: the kernel does not change, the rounding does. */
export function centredRows(x: Matrix, centre: Float32Array): Block {
  const out = block(x.rows, x.cols);
  for (let i = 0, at = 0; i < x.rows; i++) {
    for (let j = 0; j < x.cols; j++, at++) out.data[at] = Math.fround(x.data[at] - centre[j]);
  }
  return out;
}

function squaredNorms(x: Block): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, i) => {
    let sum = 0;
    for (let at = i * x.stride; at < i * x.stride + x.cols; at++) sum += x.data[at] ** 2;
    return sum;
  });
}

/** Returns the inner products of all rows of `a` with all rows of `b`, a.rows × b.rows. */
export function linearKernel(a: Block, b: Block): Block {
  const out = block(a.rows, b.rows);
  addProduct(out, a, b);
  return out;
}

/** Returns the kernel between all rows of `a` and all rows of `b`, a.rows × b.rows. */
export function rbfKernel(a: Block, b: Block, gamma: number): Block {
  const out = linearKernel(a, b);
  const [normsA, normsB] = [squaredNorms(a), squaredNorms(b)];
  for (let i = 0, at = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++, at++)
      out.data[at] = Math.exp(-gamma * Math.max(0, normsA[i] + normsB[j] - 2 * out.data[at]));
  }
  return out;
}
