/** The one matrix type: dense, row-major, float32. */

/** Dense row-major matrix; element (i, j) is `data[i * cols + j]`. Stored float32, accumulated float64. */
export interface Matrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly cols: number;
}

/** Returns a `rows` × `cols` matrix over `data`, or of zeros when no data is given. */
export function matrix(
  rows: number,
  cols: number,
  data: Float32Array = new Float32Array(rows * cols),
): Matrix {
  if (data.length !== rows * cols) {
    throw new RangeError(`matrix: got ${data.length} values for ${rows} × ${cols}`);
  }
  return { data, rows, cols };
}

/** Returns the matrix with the given rows, which must have one length. */
export function matrixFromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const cols = rows[0]?.length ?? 0;
  const result = matrix(rows.length, cols);
  rows.forEach((row, i) => {
    if (row.length !== cols)
      throw new RangeError(`matrixFromRows: row ${i} has ${row.length} values, expected ${cols}`);
    result.data.set(row, i * cols);
  });
  return result;
}

/** Returns row `i` as a view into the matrix' own data: writing to it writes to the matrix. */
export function row(m: Matrix, i: number): Float32Array {
  return m.data.subarray(i * m.cols, (i + 1) * m.cols);
}

/** Returns a new matrix of the given rows, in the given order; a row may be named twice. */
export function takeRows(m: Matrix, indices: ArrayLike<number>): Matrix {
  const result = matrix(indices.length, m.cols);
  for (let i = 0; i < indices.length; i++) result.data.set(row(m, indices[i]), i * m.cols);
  return result;
}

/** Returns a new matrix of the given columns, in the given order. */
export function takeColumns(m: Matrix, indices: ArrayLike<number>): Matrix {
  const result = matrix(m.rows, indices.length);
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < indices.length; j++)
      result.data[i * indices.length + j] = m.data[i * m.cols + indices[j]];
  }
  return result;
}

/** Returns the mean of matrices of one shape. */
export function meanOf(matrices: readonly Matrix[]): Matrix {
  const [first] = matrices;
  if (!first) throw new RangeError("meanOf: got no matrix");
  if (matrices.length === 1) return first;
  const result = matrix(first.rows, first.cols);
  for (let at = 0; at < result.data.length; at++) {
    let sum = 0;
    for (const { data } of matrices) sum += data[at];
    result.data[at] = sum / matrices.length;
  }
  return result;
}

/** Returns a matrix over the beginning of `memory`, whose values stay, or a new one where there is none: for work that is done over and over. */
export function matrixIn(memory: Float32Array | undefined, rows: number, cols: number): Matrix {
  return memory ? { rows, cols, data: memory.subarray(0, rows * cols) } : matrix(rows, cols);
}
