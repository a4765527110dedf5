/** Takes part of what is a group's own out of the rows that a model learns from. */
import { type Matrix, matrix } from "../math/matrix.js";

/** Returns the rows moved towards the mean of all rows by `share` times their group's distance from it. */
export function centreGroups(x: Matrix, groups: Int32Array, share: number): Matrix {
  const { data, rows, cols } = x;
  const sums = new Map<number, { count: number; sum: Float64Array }>();
  const all = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    let own = sums.get(groups[i]);
    if (!own) {
      own = { count: 0, sum: new Float64Array(cols) };
      sums.set(groups[i], own);
    }
    own.count++;
    for (let j = 0; j < cols; j++) {
      own.sum[j] += data[i * cols + j];
      all[j] += data[i * cols + j];
    }
  }
  const out = matrix(rows, cols);
  for (let i = 0; i < rows; i++) {
    const { count, sum } = sums.get(groups[i])!;
    for (let j = 0; j < cols; j++)
      out.data[i * cols + j] = data[i * cols + j] - share * (sum[j] / count - all[j] / rows);
  }
  return out;
}
