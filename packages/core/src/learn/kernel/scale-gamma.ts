/** What the kernel machines take from their features. */
import type { Matrix } from "../../math/matrix.js";

/** Returns the mean of each column. */
export function columnMeans(x: Matrix): Float32Array {
  const sums = new Float64Array(x.cols);
  for (let i = 0, at = 0; i < x.rows; i++) for (let j = 0; j < x.cols; j++, at++) sums[j] += x.data[at];
  return Float32Array.from(sums, (sum) => sum / x.rows);
}

/** Returns 1 / (features · variance of all values), scikit-learn's γ "scale"; 1 where nothing varies. */
export function scaleGamma(x: Matrix): number {
  let sum = 0;
  for (const value of x.data) sum += value;
  const mean = sum / x.data.length;
  let square = 0;
  for (const value of x.data) square += (value - mean) ** 2;
  const variance = square / x.data.length;
  return variance > 0 ? 1 / (x.cols * variance) : 1;
}
