/** Squared Euclidean distances of all pairs of rows: float32 products by tiles, with float64 where their rounding would show. */
import { type Matrix, matrix } from "../math/matrix.js";
import { type PairRange, rowProducts, type Tile } from "../math/row-products.js";

/** Returns the squared distance of row i of `a` and row j of `b` in float64. */
export function squaredDistance(a: Matrix, i: number, b: Matrix, j: number): number {
  const [x, y, width] = [a.data, b.data, a.cols];
  let at = i * width;
  let to = j * width;
  let sum = 0;
  for (const end = at + width; at < end; at++, to++) {
    const d = x[at] - y[to];
    sum += d * d;
  }
  return sum;
}

/** Returns the rows less their mean: distances stay, products become as small as they can be. */
export function centred(m: Matrix): Matrix {
  const centre = columnMeans(m);
  const result = matrix(m.rows, m.cols);
  for (let i = 0, at = 0; i < m.rows; i++)
    for (let j = 0; j < m.cols; j++, at++) result.data[at] = m.data[at] - centre[j];
  return result;
}

/** Returns the mean of each column, float64; four rows at a time. A value that is not finite leaves a mean that is not. */
export function columnMeans({ data, rows, cols }: Matrix): Float64Array {
  const sums = new Float64Array(cols);
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    let at = i * cols;
    for (let j = 0; j < cols; j++, at++)
      sums[j] += data[at] + data[at + cols] + (data[at + 2 * cols] + data[at + 3 * cols]);
  }
  for (; i < rows; i++) for (let j = 0, at = i * cols; j < cols; j++, at++) sums[j] += data[at];
  return sums.map((sum) => sum / rows);
}

/** Returns the squared length of each row. */
export function squaredNorms({ data, rows, cols }: Matrix): Float64Array {
  const result = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < cols; j++, at++) sum += data[at] * data[at];
    result[i] = sum;
  }
  return result;
}

/**
 * Squared distances below this part of the rows' squared lengths (after centring) are computed again in float64: what is left has a
 * relative error below about 1e-5.
 */
export const exactBelow = 0.05;

const rowsAtOnce = 64;
const columnsAtOnce = 512;

/** A tile of all pairs: product of rows i and j at `data[at + (i - from) * stride + (j - rightFrom)]`. */
export type PairTile = Tile & PairRange;

/** Calls `visit` with tiles of the products of the rows with each other that together hold each pair i < j at least once. */
export function visitPairTiles(m: Matrix, visit: (tile: PairTile) => void): void {
  const products = rowProducts(m);
  visitPairRanges(m.rows, (range) => {
    const { from, to, rightFrom, rightTo } = range;
    visit({ ...products.tile(from, to, rightFrom, rightTo), ...range });
  });
}

/** Calls `visit` with ranges of rows that together hold each pair i < j once; right ones begin at multiples of 64. */
export function visitPairRanges(rows: number, visit: (range: PairRange) => void): void {
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const to = Math.min(rows, from + rowsAtOnce);
    for (let rightFrom = from; rightFrom < rows; rightFrom += columnsAtOnce)
      visit({ from, to, rightFrom, rightTo: Math.min(rows, rightFrom + columnsAtOnce) });
  }
}

/** Differences up to which all distances are float64, so that rows as far apart stay so and ties are broken as elsewhere. */
const exactUpTo = 3e7;

/** Returns the squared distances of all rows as a full row-major n × n array. */
export function squaredDistances(rows: Matrix): Float64Array {
  const n = rows.rows;
  if ((n * n * rows.cols) / 2 <= exactUpTo) return exactDistances(rows);
  const m = centred(rows);
  const norms = squaredNorms(m);
  const result = new Float64Array(n * n);
  visitPairTiles(m, ({ data, at, stride, from, to, rightFrom, rightTo }) => {
    for (let i = from; i < to; i++) {
      const line = at + (i - from) * stride - rightFrom;
      const own = norms[i];
      for (let j = Math.max(rightFrom, i + 1); j < rightTo; j++) {
        const lengths = own + norms[j];
        let d = lengths - 2 * data[line + j];
        if (d < exactBelow * lengths) d = squaredDistance(rows, i, rows, j);
        result[i * n + j] = d;
      }
    }
  });
  mirror(result, n);
  return result;
}

function exactDistances(m: Matrix): Float64Array {
  const n = m.rows;
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) result[i * n + j] = squaredDistance(m, i, m, j);
  mirror(result, n);
  return result;
}

/** Copies what is above the diagonal below it. */
function mirror(result: Float64Array, n: number): void {
  for (let i0 = 0; i0 < n; i0 += 32) {
    for (let j = i0; j < n; j++) {
      for (let i = i0; i < Math.min(j, i0 + 32); i++) result[j * n + i] = result[i * n + j];
    }
  }
}
