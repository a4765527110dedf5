/** Columns sorted once for all trees of a forest. */
import type { Matrix } from "../../math/matrix.js";

/** Every column's values, order and ranks. */
export interface SortedColumns {
  readonly rows: number;
  readonly features: number;
  /** Features × rows: place of the row's value among the column's distinct values. */
  readonly ranks: Uint16Array | Uint32Array;
  /** Features × rows: rows by rising value. */
  readonly order: Uint32Array;
  /** Features × rows: values, column after column. */
  readonly values: Float32Array;
}

/** Returns every column's order and ranks. */
export function sortColumns(x: Matrix): SortedColumns {
  const { rows, cols } = x;
  // As small as they may be, since a node takes them from many places.
  const ranks = rows <= 65536 ? new Uint16Array(rows * cols) : new Uint32Array(rows * cols);
  const order = new Uint32Array(rows * cols);
  const values = columnMajor(x);
  const sorter = columnSorter(rows);
  for (let j = 0; j < cols; j++) {
    const base = j * rows;
    const sorted = sorter(values.subarray(base, base + rows));
    order.set(sorted, base);
    let rank = 0;
    for (let t = 0; t < rows; t++) {
      if (t > 0 && values[base + sorted[t]] > values[base + sorted[t - 1]]) rank++;
      ranks[base + sorted[t]] = rank;
    }
  }
  return { rows, features: cols, ranks, order, values };
}

const digit = 11;

/** Returns a function that gives the rows of a column by rising value, good until the next column: a radix sort of the bits, three times eleven (Knuth, volume 3, 5.2.5). */
export function columnSorter(rows: number): (column: Float32Array) => Uint32Array {
  const held = new Float32Array(rows);
  const bits = new Uint32Array(held.buffer);
  const [first, second] = [new Uint32Array(rows), new Uint32Array(rows)];
  const starts = new Uint32Array(2 ** digit + 1);
  return (column) => {
    // Adding 0 makes −0 the same as 0; then the order of the bits as whole numbers is that of the values.
    for (let i = 0; i < rows; i++) held[i] = column[i] + 0;
    for (let i = 0; i < rows; i++) bits[i] = bits[i] ^ (-(bits[i] >>> 31) | 0x80000000);
    for (let i = 0; i < rows; i++) first[i] = i;
    let [from, to] = [first, second];
    for (let shift = 0; shift < 32; shift += digit) {
      starts.fill(0);
      for (let i = 0; i < rows; i++) starts[((bits[i] >>> shift) & (2 ** digit - 1)) + 1]++;
      for (let d = 1; d < 2 ** digit; d++) starts[d] += starts[d - 1];
      for (let t = 0; t < rows; t++) {
        const i = from[t];
        const at = (bits[i] >>> shift) & (2 ** digit - 1);
        to[starts[at]++] = i;
      }
      [from, to] = [to, from];
    }
    return from;
  };
}

/** Returns the values column after column. */
export function columnMajor(x: Matrix): Float32Array {
  const { rows, cols, data } = x;
  const values = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) values[j * rows + i] = data[i * cols + j];
  return values;
}
