/** The values of a column that are not missing. */
import type { Matrix } from "../../math/matrix.js";

/** Returns the values of column `j` that are not NaN, in the order of the rows. */
export function presentValues({ data, rows, cols }: Matrix, j: number): Float64Array {
  const found = new Float64Array(rows);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    const value = data[i * cols + j];
    if (!Number.isNaN(value)) found[count++] = value;
  }
  return found.subarray(0, count);
}

/** Returns what `measure` says of the present values of each column; of none for a column that has none. */
export function ofColumns(x: Matrix, measure: (values: Float64Array) => number): Float64Array {
  return Float64Array.from({ length: x.cols }, (_, j) => measure(presentValues(x, j)));
}
