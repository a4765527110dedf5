/** The radial basis function kernel, exp(−γ‖x − y‖²), and the linear one, x·y. */
import { addGram, addProduct, type Block, block, mirrorLower, subBlock } from "../../math/linear-algebra.js";
import type { Matrix } from "../../math/matrix.js";

/** Returns the rows, float64, with the centre subtracted: the kernel does not change, the rounding does. */
export function centredRows(x: Matrix, centre: Float32Array): Block {
  const out = block(x.rows, x.cols);
  for (let i = 0, at = 0; i < x.rows; i++) {
    for (let j = 0; j < x.cols; j++, at++) out.data[at] = Math.fround(x.data[at]! - centre[j]!);
  }
  return out;
}

function squaredNorms(x: Block): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, i) => {
    let sum = 0;
    for (let at = i * x.stride; at < i * x.stride + x.cols; at++) sum += x.data[at]! ** 2;
    return sum;
  });
}

/** Returns the kernel between all rows of `a` and all rows of `b`, a.rows × b.rows. */
export function rbfKernel(a: Block, b: Block, gamma: number): Block {
  const out = block(a.rows, b.rows);
  addProduct(out, a, b);
  const [normsA, normsB] = [squaredNorms(a), squaredNorms(b)];
  for (let i = 0, at = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++, at++)
      out.data[at] = Math.exp(-gamma * Math.max(0, normsA[i]! + normsB[j]! - 2 * out.data[at]!));
  }
  return out;
}

/** Rows of the kernel of one set of rows with itself, float32. */
export interface KernelRows {
  row(i: number): Float32Array;
}

/**
 * Returns the kernel of `x` with itself: all of it where that takes at most `maxBytes`, otherwise each row when it is asked
 * for, the least recently asked one giving way.
 */
export function kernelRows(x: Block, gamma: number | "linear", maxBytes: number): KernelRows {
  const n = x.rows;
  if (gamma === "linear") return linearKernelRows(x, maxBytes);
  if (n * n * 12 <= maxBytes) {
    const gram = block(n, n);
    addGram(gram, x);
    mirrorLower(gram);
    const all = new Float32Array(n * n);
    for (let i = 0; i < n; i++) {
      const own = gram.data[i * n + i]!;
      for (let j = 0; j < i; j++) {
        const value = Math.exp(-gamma * Math.max(0, own + gram.data[j * n + j]! - 2 * gram.data[i * n + j]!));
        all[i * n + j] = value;
        all[j * n + i] = value;
      }
      all[i * n + i] = 1;
    }
    return { row: (i) => all.subarray(i * n, (i + 1) * n) };
  }
  const norms = squaredNorms(x);
  return cachedRows(n, maxBytes, (i) => {
    const product = block(1, n);
    addProduct(product, subBlock(x, i, 0, 1, x.cols), x);
    return Float32Array.from(product.data, (value, j) =>
      Math.exp(-gamma * Math.max(0, norms[i]! + norms[j]! - 2 * value)),
    );
  });
}

function linearKernelRows(x: Block, maxBytes: number): KernelRows {
  return cachedRows(x.rows, maxBytes, (i) => {
    const product = block(1, x.rows);
    addProduct(product, subBlock(x, i, 0, 1, x.cols), x);
    return Float32Array.from(product.data);
  });
}

/** Keeps the rows that were asked for last. */
function cachedRows(n: number, maxBytes: number, make: (i: number) => Float32Array): KernelRows {
  const held = new Map<number, Float32Array>();
  const capacity = Math.max(2, Math.floor(maxBytes / (4 * n)));
  return {
    row(i) {
      const known = held.get(i);
      if (known) {
        held.delete(i);
        held.set(i, known);
        return known;
      }
      const made = make(i);
      if (held.size >= capacity) held.delete(held.keys().next().value!);
      held.set(i, made);
      return made;
    },
  };
}
