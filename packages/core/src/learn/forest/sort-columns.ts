/** Columns sorted once for all trees of a forest. */
import type { Matrix } from "../../math/matrix.js";

/** Every column's values, order and ranks. */
export interface SortedColumns {
  readonly rows: number;
  readonly features: number;
  /** Features × rows: place of the row's value among the column's distinct values. */
  readonly ranks: Uint32Array;
  /** Features × rows: rows by rising value. */
  readonly order: Uint32Array;
  /** Features × rows: values, column after column. */
  readonly values: Float32Array;
}

/** Returns every column's order and ranks. */
export function sortColumns(x: Matrix): SortedColumns {
  const { rows, cols } = x;
  const ranks = new Uint32Array(rows * cols);
  const order = new Uint32Array(rows * cols);
  const values = columnMajor(x);
  for (let j = 0; j < cols; j++) {
    const column = values.subarray(j * rows, (j + 1) * rows);
    const distinct = Float32Array.from(new Set(Float32Array.from(column).sort()));
    const place = new Map<number, number>();
    distinct.forEach((value, rank) => {
      place.set(value, rank);
    });
    const starts = new Uint32Array(distinct.length + 1);
    for (let i = 0; i < rows; i++) {
      const rank = place.get(column[i]!)!;
      ranks[j * rows + i] = rank;
      starts[rank + 1]!++;
    }
    for (let r = 0; r < distinct.length; r++) starts[r + 1]! += starts[r]!;
    for (let i = 0; i < rows; i++) order[j * rows + starts[ranks[j * rows + i]!]!++] = i;
  }
  return { rows, features: cols, ranks, order, values };
}

/** Returns the values column after column. */
export function columnMajor(x: Matrix): Float32Array {
  const { rows, cols, data } = x;
  const values = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) values[j * rows + i] = data[i * cols + j]!;
  return values;
}
