/** Eigenvalues and eigenvectors of real symmetric matrices. */
import { type HouseholderKernel, householderKernel } from "./householder-kernel.js";
import { addProduct, block, dot } from "./linear-algebra.js";
import type { Random } from "./random.js";
import { type RotatedRows, rotatedIdentity } from "./row-rotations.js";

/** Eigenvalues in descending order, and the eigenvector of each as a row of `vectors` (row-major, values.length × n), of length 1. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * Returns the `count` largest eigenvalues of a symmetric n × n matrix (row-major; its lower triangle is read) with their eigenvectors:
 * Householder's reduction to tridiagonal form, the implicit QL method for the values, inverse iteration for the vectors, or QL where many
 * values are nearly equal (Golub and Van Loan, Matrix Computations, 8.3 and 8.4).
 * @throws RangeError when QL does not converge within 60 sweeps; no finite matrix is known that does so.
 */
export function symmetricEigen(source: Float64Array, n: number, count: number = n): SymmetricEigen {
  const kernel = householderKernel(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++)
      kernel.matrix[i * kernel.stride + j] = kernel.matrix[j * kernel.stride + i] = source[i * n + j];
  }
  const { diagonal, below, factors } = reduceToTridiagonal(kernel, n);
  const eigen = byInverseIteration(diagonal, below, count) ?? byQl(diagonal, below, count);
  // Back through the reflections, the last of which was made first.
  kernel.reflect(eigen.vectors, factors);
  return eigen;
}

/** Returns the eigenvalues and eigenvectors of a tridiagonal matrix by QL. */
function byQl(diagonal: Float64Array, below: Float64Array, count: number): SymmetricEigen {
  const n = diagonal.length;
  const values = diagonal.slice();
  const rotated = rotatedIdentity(n);
  implicitQl(values, below.slice(), rotated.rotate);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => values[j] - values[i]);
  const vectors = new Float64Array(count * n);
  for (let r = 0; r < count; r++) {
    const at = order[r] * rotated.stride;
    vectors.set(rotated.data.subarray(at, at + n), r * n);
  }
  return { values: Float64Array.from(order.slice(0, count), (i) => values[i]), vectors };
}

/** Parts of the norm: values nearer than this have their vectors made orthogonal; how far a vector may be from one. */
const near = 1e-6;
const exact = 2e-14;
/** Values near each other beyond which QL is quicker. */
const mostNear = 24;

/**
 * Returns the largest eigenvalues by QL and their vectors by inverse iteration, each made orthogonal to those of near values; or undefined
 * when there are many of these or a vector turns out not to be one, as it may where the matrix falls into parts. Vectors of values that are
 * not near are orthogonal within about exact / near.
 */
function byInverseIteration(
  diagonal: Float64Array,
  below: Float64Array,
  count: number,
): SymmetricEigen | undefined {
  const n = diagonal.length;
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(diagonal[i]) + Math.abs(below[i]));
  if (!(norm > 0)) return undefined;
  const values = tridiagonalValues(diagonal, below, norm).sort().reverse().slice(0, count);
  const isNear = (r: number): boolean => values[r - 1] - values[r] <= near * norm;
  for (let r = 1, start = 0; r < count; r++) {
    if (!isNear(r)) start = r;
    if (r - start > mostNear) return undefined;
  }
  const vectors = new Float64Array(count * n);
  const solver = shiftedSolver(diagonal, below);
  // Any start with a part in every direction; each value takes another stretch of it.
  const starts = Float64Array.from({ length: n + count }, (_, j) => 1 + ((j * 7919) % 1009) / 1009);
  let start = 0;
  for (let r = 0; r < count; r++) {
    if (r > 0 && !isNear(r)) start = r;
    const at = r * n;
    vectors.set(starts.subarray(r, r + n), at);
    // Values that are equal are moved apart a little, so that each has its own direction.
    solver.shift(values[r] - (r - start) * 1e-15 * norm, 1e-16 * norm);
    // What solving makes of a vector of length 1 is as much longer as it is nearer to an eigenvector.
    let residual = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 2 || (step < 5 && !(residual < exact * norm)); step++) {
      solver.solve(vectors, at);
      for (let q = start; q < r; q++) {
        const part = dot(vectors, at, vectors, q * n, n);
        for (let j = 0, from = q * n; j < n; j++, from++) vectors[at + j] -= part * vectors[from];
      }
      residual = 1 / Math.sqrt(dot(vectors, at, vectors, at, n));
      for (let j = at; j < at + n; j++) vectors[j] *= residual;
    }
    if (!(residual > 0 && residual < exact * norm)) return undefined;
  }
  return { values, vectors };
}

/** Solves (T − shift) x = b for a tridiagonal T by elimination with row exchanges; b, which becomes x, begins at `at`. */
function shiftedSolver(
  diagonal: Float64Array,
  below: Float64Array,
): { shift(value: number, least: number): void; solve(x: Float64Array, at: number): void } {
  const n = diagonal.length;
  const inverses = new Float64Array(n); // of the pivots
  const above = new Float64Array(n);
  const far = new Float64Array(n);
  const multipliers = new Float64Array(n);
  const exchanged = new Uint8Array(n);
  return {
    shift(value, least) {
      let pivot = diagonal[0] - value;
      let next = below[0];
      for (let i = 0; i < n - 1; i++) {
        const lower = below[i];
        const d = diagonal[i + 1] - value;
        const e = i + 1 < n - 1 ? below[i + 1] : 0;
        exchanged[i] = Number(Math.abs(lower) > Math.abs(pivot));
        if (exchanged[i]) {
          const multiplier = pivot / lower;
          multipliers[i] = multiplier;
          inverses[i] = 1 / lower;
          above[i] = d;
          far[i] = e;
          pivot = next - multiplier * d;
          next = -multiplier * e;
        } else {
          if (Math.abs(pivot) < least) pivot = least;
          const multiplier = lower / pivot;
          multipliers[i] = multiplier;
          inverses[i] = 1 / pivot;
          above[i] = next;
          far[i] = 0;
          pivot = d - multiplier * next;
          next = e;
        }
      }
      inverses[n - 1] = 1 / (Math.abs(pivot) < least ? least : pivot);
    },
    solve(x, at) {
      let value = x[at];
      for (let i = 0; i < n - 1; i++) {
        let after = x[at + i + 1];
        if (exchanged[i]) {
          const before = value;
          value = after;
          after = before;
        }
        x[at + i] = value;
        value = after - multipliers[i] * value;
      }
      let first = 0;
      let second = 0;
      for (let i = n - 1; i >= 0; i--) {
        if (i < n - 1) value = x[at + i];
        value = (value - above[i] * first - far[i] * second) * inverses[i];
        second = first;
        first = value;
        x[at + i] = value;
      }
    },
  };
}

/**
 * Replaces each row i of the kernel's matrix by the vector of the reflection I − factor · v vᵀ of step i, i values long, and returns the
 * tridiagonal matrix: its diagonal, and what stands below it (below[i] between i and i + 1).
 */
function reduceToTridiagonal(
  kernel: HouseholderKernel,
  n: number,
): { diagonal: Float64Array; below: Float64Array; factors: Float64Array } {
  const diagonal = new Float64Array(n);
  const below = new Float64Array(n);
  const factors = new Float64Array(n);
  const { matrix: a, stride, v, w, next, product } = kernel;
  for (let i = n - 1; i >= 0; i--) {
    const row = i * stride;
    // Row i has what the step before takes off it first, since it says what the next one is.
    const [ownV, ownW] = [v[i], w[i]];
    for (let c = 0; c <= i; c++) a[row + c] -= ownV * w[c] + ownW * v[c];
    v[i] = 0;
    w[i] = 0;
    diagonal[i] = a[row + i];
    if (i === 0) break;
    const square = dot(a, row, a, row, i);
    const last = a[row + i - 1];
    next.fill(0);
    const reflects = square - last * last > 1e-32 * square;
    if (reflects) {
      const alpha = last > 0 ? -Math.sqrt(square) : Math.sqrt(square);
      below[i - 1] = alpha;
      a[row + i - 1] = last - alpha;
      factors[i] = 1 / (square - last * alpha); // 2 / vᵀv
      for (let c = 0; c < i; c++) next[c] = a[row + c];
    } else below[i - 1] = last;
    kernel.step(i);
    const factor = factors[i];
    const half = (factor * factor * dot(product, 0, next, 0, i)) / 2;
    for (let c = 0; c < i; c++) w[c] = factor * product[c] - half * next[c];
    v.set(next);
  }
  return { diagonal, below, factors };
}

/**
 * Returns the eigenvalues of a tridiagonal matrix, in no order: QL without square roots inside a sweep (Pal, Walker, Kahan; Parlett, The
 * Symmetric Eigenvalue Problem, 8.15), a third of the time of QL with rotations. `norm`, of its rows, keeps the squares in range.
 */
function tridiagonalValues(diagonal: Float64Array, below: Float64Array, norm: number): Float64Array {
  const d = diagonal.map((value) => value / norm);
  const squares = below.map((value) => (value / norm) ** 2);
  const n = d.length;
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      let m = l;
      while (m < n - 1 && squares[m] > 4.9e-32 * Math.abs(d[m] * d[m + 1]) && squares[m] > 1e-36) m++;
      if (m === l) break;
      if (sweep === 60)
        throw new RangeError(`symmetricEigen: no convergence at value ${l} of ${n} after 60 sweeps`);
      const root = Math.sqrt(squares[l]);
      const slope = (d[l + 1] - d[l]) / (2 * root);
      const length = Math.sqrt(slope * slope + 1);
      const shift = d[l] - root / (slope + (slope < 0 ? -length : length));
      let c = 1;
      let s = 0;
      let gamma = d[m] - shift;
      let p = gamma * gamma;
      for (let i = m - 1; i >= l; i--) {
        const square = squares[i];
        const r = p + square;
        if (i < m - 1) squares[i + 1] = s * r;
        const before = c;
        c = p / r;
        s = square / r;
        const last = gamma;
        gamma = c * (d[i] - shift) - s * last;
        d[i + 1] = last + (d[i] - gamma);
        p = c === 0 ? before * square : (gamma * gamma) / c;
      }
      squares[l] = s * p;
      d[l] = shift + gamma;
    }
  }
  return d.map((value) => value * norm);
}

/** Turns `d` (diagonal) into the eigenvalues and tells each rotation of neighbouring vectors; `e` is used up. */
function implicitQl(d: Float64Array, e: Float64Array, rotate: RotatedRows["rotate"]): void {
  const n = d.length;
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]) > 2.3e-16 * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m++;
      if (m === l) break;
      if (sweep === 60)
        throw new RangeError(`symmetricEigen: no convergence at value ${l} of ${n} after 60 sweeps`);
      const slope = (d[l + 1] - d[l]) / (2 * e[l]);
      const root = Math.sqrt(slope * slope + 1);
      let g = d[m] - d[l] + e[l] / (slope + (slope < 0 ? -root : root));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        const r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        const t = (d[i] - g) * s + 2 * c * b;
        p = s * t;
        d[i + 1] = g + p;
        g = c * t - b;
        rotate(i, c, s);
      }
      if (i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
}

/**
 * Returns the `count` largest eigenvalues and eigenvectors of a positive semidefinite symmetric n × n matrix by subspace iteration with
 * Rayleigh-Ritz steps (Golub and Van Loan, 8.2.4), until each residual is below `tolerance` of the largest eigenvalue: for few out of many.
 */
export function leadingEigen(
  a: Float64Array,
  n: number,
  { count, random, tolerance = 1e-6 }: { count: number; random: Random; tolerance?: number },
): SymmetricEigen {
  const width = Math.min(n, count + 10);
  let basis = Float64Array.from({ length: width * n }, () => random.normal());
  orthonormalizeRows(basis, width, n);
  for (let sweep = 0; ; sweep++) {
    const image = rowsTimesSymmetric(basis, width, a, n);
    const small = new Float64Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) small[i * width + j] = dot(basis, i * n, image, j * n, n);
    const ritz = symmetricEigen(small, width);
    const vectors = combineRows(ritz.vectors, basis, width, n);
    const images = combineRows(ritz.vectors, image, width, n);
    let worst = 0;
    for (let r = 0; r < count; r++) {
      let residual = 0;
      for (let j = 0; j < n; j++) residual += (images[r * n + j] - ritz.values[r] * vectors[r * n + j]) ** 2;
      worst = Math.max(worst, Math.sqrt(residual));
    }
    if (worst <= tolerance * ritz.values[0] || width === n || sweep === 300)
      return { values: ritz.values.slice(0, count), vectors: vectors.slice(0, count * n) };
    basis = images;
    orthonormalizeRows(basis, width, n);
  }
}

/** Returns X · A for the rows of X, A being symmetric. */
function rowsTimesSymmetric(
  x: Float64Array,
  rows: number,
  a: Float64Array,
  n: number,
): Float64Array<ArrayBuffer> {
  const c = new Float64Array(rows * n);
  addProduct(block(rows, n, c), block(rows, n, x), block(n, n, a));
  return c;
}

/** Returns the rows of W (width × width) times the rows of X. */
function combineRows(w: Float64Array, x: Float64Array, width: number, n: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(width * n);
  for (let i = 0; i < width; i++) {
    for (let k = 0; k < width; k++) {
      const value = w[i * width + k];
      for (let j = 0; j < n; j++) result[i * n + j] += value * x[k * n + j];
    }
  }
  return result;
}

/** Gram-Schmidt, each row twice; a row that vanishes (the matrix has no more dimensions) becomes zero. */
function orthonormalizeRows(x: Float64Array, rows: number, n: number): void {
  for (let i = 0; i < rows; i++) {
    const before = Math.sqrt(dot(x, i * n, x, i * n, n));
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < i; k++) {
        const part = dot(x, i * n, x, k * n, n);
        for (let j = 0; j < n; j++) x[i * n + j] -= part * x[k * n + j];
      }
    }
    const length = Math.sqrt(dot(x, i * n, x, i * n, n));
    const scale = length > 1e-14 * before ? 1 / length : 0;
    for (let j = 0; j < n; j++) x[i * n + j] *= scale;
  }
}
