/** Dense float64 kernels for the estimators: products, Cholesky factors, solves. */

/** A rectangle inside a float64 buffer; element (i, j) is `data[offset + i * stride + j]`. */
export interface Block {
  readonly data: Float64Array;
  readonly offset: number;
  readonly stride: number;
  readonly rows: number;
  readonly cols: number;
}

/** Returns a block over the whole of a row-major buffer. */
export function block(rows: number, cols: number, data: Float64Array = new Float64Array(rows * cols)): Block {
  if (data.length < rows * cols)
    throw new RangeError(`block: got ${data.length} values for ${rows} × ${cols}`);
  return { data, offset: 0, stride: cols, rows, cols };
}

/** Returns the part of a block that starts at (row, col). */
export function subBlock(b: Block, row: number, col: number, rows: number, cols: number): Block {
  return { data: b.data, offset: b.offset + row * b.stride + col, stride: b.stride, rows, cols };
}

/** Returns `source` (row-major, rows × cols) as a block of its transpose. */
export function transposed(source: ArrayLike<number>, rows: number, cols: number): Block {
  const result = block(cols, rows);
  const { data } = result;
  // Tiles keep both the reads and the writes in cache.
  for (let i0 = 0; i0 < rows; i0 += 32) {
    const i1 = Math.min(rows, i0 + 32);
    for (let j = 0; j < cols; j++) for (let i = i0; i < i1; i++) data[j * rows + i] = source[i * cols + j];
  }
  return result;
}

/**
 * Adds `scale` × A·Bᵀ to C. The inner loop keeps 2 × 4 sums in registers: about 2 × 10⁹ multiply-adds a second in V8.
 */
export function addProduct(c: Block, a: Block, b: Block, scale = 1): void {
  if (a.cols !== b.cols || c.rows !== a.rows || c.cols !== b.rows) {
    throw new RangeError(
      `addProduct: ${c.rows} × ${c.cols} += ${a.rows} × ${a.cols} · (${b.rows} × ${b.cols})ᵀ`,
    );
  }
  addProductRows(c, a, b, scale, 0);
}

/** Adds `scale` × A·Aᵀ to the lower triangle of C; what stands above the diagonal is undefined afterwards. */
export function addGram(c: Block, a: Block, scale = 1): void {
  if (c.rows !== a.rows || c.cols !== a.rows) {
    throw new RangeError(`addGram: ${c.rows} × ${c.cols} += ${a.rows} × ${a.cols} times its transpose`);
  }
  for (let j = 0; j < a.rows; j += 4) {
    const width = Math.min(4, a.rows - j);
    addProductRows(subBlock(c, 0, j, c.rows, width), a, subBlock(a, j, 0, width, a.cols), scale, j & ~1);
  }
}

/** The kernel: rows from `firstRow` on of C += scale × A·Bᵀ. */
function addProductRows(c: Block, a: Block, b: Block, scale: number, firstRow: number): void {
  const [x, y, z] = [a.data, b.data, c.data];
  const depth = a.cols;
  const [m, n] = [a.rows, b.rows];
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    const b0 = b.offset + j * b.stride;
    const b1 = b0 + b.stride;
    const b2 = b1 + b.stride;
    const b3 = b2 + b.stride;
    let i = firstRow;
    for (; i + 2 <= m; i += 2) {
      const a0 = a.offset + i * a.stride;
      const a1 = a0 + a.stride;
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let p = 0; p < depth; p++) {
        const u = x[a0 + p];
        const v = x[a1 + p];
        let w = y[b0 + p];
        s00 += u * w;
        s10 += v * w;
        w = y[b1 + p];
        s01 += u * w;
        s11 += v * w;
        w = y[b2 + p];
        s02 += u * w;
        s12 += v * w;
        w = y[b3 + p];
        s03 += u * w;
        s13 += v * w;
      }
      let at = c.offset + i * c.stride + j;
      z[at] += scale * s00;
      z[at + 1] += scale * s01;
      z[at + 2] += scale * s02;
      z[at + 3] += scale * s03;
      at += c.stride;
      z[at] += scale * s10;
      z[at + 1] += scale * s11;
      z[at + 2] += scale * s12;
      z[at + 3] += scale * s13;
    }
    for (; i < m; i++) {
      const a0 = a.offset + i * a.stride;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let p = 0; p < depth; p++) {
        const u = x[a0 + p];
        s0 += u * y[b0 + p];
        s1 += u * y[b1 + p];
        s2 += u * y[b2 + p];
        s3 += u * y[b3 + p];
      }
      const at = c.offset + i * c.stride + j;
      z[at] += scale * s0;
      z[at + 1] += scale * s1;
      z[at + 2] += scale * s2;
      z[at + 3] += scale * s3;
    }
  }
  for (; j < n; j++) {
    const b0 = b.offset + j * b.stride;
    for (let i = firstRow; i < m; i++) {
      z[c.offset + i * c.stride + j] += scale * dot(x, a.offset + i * a.stride, y, b0, depth);
    }
  }
}

/** Returns the inner product of two stretches of `length` values. */
export function dot(
  a: Float64Array,
  aOffset: number,
  b: Float64Array,
  bOffset: number,
  length: number,
): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    s0 += a[aOffset + i] * b[bOffset + i];
    s1 += a[aOffset + i + 1] * b[bOffset + i + 1];
    s2 += a[aOffset + i + 2] * b[bOffset + i + 2];
    s3 += a[aOffset + i + 3] * b[bOffset + i + 3];
  }
  for (; i < length; i++) s0 += a[aOffset + i] * b[bOffset + i];
  return s0 + s1 + (s2 + s3);
}

/** Copies the lower triangle of a square block to the upper one. */
export function mirrorLower(c: Block): void {
  for (let i = 0; i < c.rows; i++) {
    for (let j = 0; j < i; j++) c.data[c.offset + j * c.stride + i] = c.data[c.offset + i * c.stride + j];
  }
}

const panel = 48;

/**
 * Replaces the lower triangle of a symmetric positive definite block by its Cholesky factor L (A = L·Lᵀ), panel by panel
 * (Golub and Van Loan, Matrix Computations, 4.2.9); reads and writes the lower triangle only.
 * @throws RangeError when the block is not positive definite.
 */
export function choleskyInPlace(a: Block): void {
  const n = a.rows;
  for (let k = 0; k < n; k += panel) {
    const width = Math.min(panel, n - k);
    for (let j = k; j < k + width; j++) {
      const rowJ = a.offset + j * a.stride;
      const pivot = a.data[rowJ + j] - dot(a.data, rowJ + k, a.data, rowJ + k, j - k);
      if (!(pivot > 0))
        throw new RangeError(`choleskyInPlace: pivot ${j} is ${pivot}, expected a positive number`);
      const root = Math.sqrt(pivot);
      a.data[rowJ + j] = root;
      for (let i = j + 1; i < n; i++) {
        const rowI = a.offset + i * a.stride;
        a.data[rowI + j] = (a.data[rowI + j] - dot(a.data, rowI + k, a.data, rowJ + k, j - k)) / root;
      }
    }
    const next = k + width;
    const rest = n - next;
    if (rest > 0) addGram(subBlock(a, next, next, rest, rest), subBlock(a, next, k, rest, width), -1);
  }
}

/** Solves L·Lᵀ·x = b for every row b of `b`, in place. */
export function solveCholeskyInto(factor: Block, b: Block): void {
  for (let r = 0; r < b.rows; r++) {
    solveLower(factor, b.data, b.offset + r * b.stride);
    solveLowerTransposed(factor, b.data, b.offset + r * b.stride);
  }
}

/** Solves L·x = b in place, b being the stretch of `data` at `at`. */
export function solveLower(factor: Block, data: Float64Array, at: number): void {
  for (let i = 0; i < factor.rows; i++) {
    const row = factor.offset + i * factor.stride;
    data[at + i] = (data[at + i] - dot(factor.data, row, data, at, i)) / factor.data[row + i];
  }
}

/** Solves Lᵀ·x = b in place, b being the stretch of `data` at `at`. */
export function solveLowerTransposed(factor: Block, data: Float64Array, at: number): void {
  const l = factor.data;
  for (let i = factor.rows - 1; i >= 0; i--) {
    const row = factor.offset + i * factor.stride;
    const value = data[at + i] / l[row + i];
    data[at + i] = value;
    for (let j = 0; j < i; j++) data[at + j] -= value * l[row + j];
  }
}
