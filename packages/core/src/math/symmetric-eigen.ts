/** Eigenvalues and eigenvectors of real symmetric matrices. */
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
 * Householder's reduction to tridiagonal form, then the implicit QL method, or inverse iteration where few are asked for (Golub and Van Loan,
 * Matrix Computations, 8.3 and 8.4): about n³ multiplications, 2 n³ for all.
 * @throws RangeError when QL does not converge within 60 sweeps; no finite matrix is known that does so.
 */
export function symmetricEigen(source: Float64Array, n: number, count: number = n): SymmetricEigen {
  const a = source.slice(0, n * n);
  const { diagonal, below, factors } = reduceToTridiagonal(a, n);
  const eigen =
    (count < n / 3 ? byInverseIteration(diagonal, below, count) : undefined) ?? byQl(diagonal, below, count);
  // Back through the reflections, the last of which was made first.
  for (let i = 1; i < n; i++)
    if (factors[i] !== 0) reflectRows(eigen.vectors, a, { n, i, factor: factors[i]! });
  return eigen;
}

/** Adds A v to `product`: v is row `size` of `a`, A the symmetric matrix whose lower triangle is in the rows above it; four rows at a time. */
function addSymmetricProduct(a: Float64Array, n: number, size: number, product: Float64Array): void {
  const v = size * n;
  let r = 0;
  for (; r + 4 <= size; r += 4) {
    const a0 = r * n;
    const a1 = a0 + n;
    const a2 = a1 + n;
    const a3 = a2 + n;
    const v0 = a[v + r]!;
    const v1 = a[v + r + 1]!;
    const v2 = a[v + r + 2]!;
    const v3 = a[v + r + 3]!;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let c = 0; c < r; c++) {
      const x = a[v + c]!;
      const p0 = a[a0 + c]!;
      const p1 = a[a1 + c]!;
      const p2 = a[a2 + c]!;
      const p3 = a[a3 + c]!;
      s0 += p0 * x;
      s1 += p1 * x;
      s2 += p2 * x;
      s3 += p3 * x;
      product[c]! += p0 * v0 + p1 * v1 + (p2 * v2 + p3 * v3);
    }
    product[r]! += s0;
    product[r + 1]! += s1;
    product[r + 2]! += s2;
    product[r + 3]! += s3;
    addTriangle(r, r + 4);
  }
  for (; r < size; r++) {
    const own = a[v + r]!;
    let sum = 0;
    for (let c = 0; c < r; c++) {
      sum += a[r * n + c]! * a[v + c]!;
      product[c]! += a[r * n + c]! * own;
    }
    product[r]! += sum + a[r * n + r]! * own;
  }

  /** The same for rows and columns from..to. */
  function addTriangle(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      product[i]! += a[i * n + i]! * a[v + i]!;
      for (let c = from; c < i; c++) {
        product[i]! += a[i * n + c]! * a[v + c]!;
        product[c]! += a[i * n + c]! * a[v + i]!;
      }
    }
  }
}

/** Takes v wᵀ + w vᵀ off the lower triangle above row `size`, which is v; four rows at a time. */
function takeOffRankTwo(a: Float64Array, n: number, size: number, w: Float64Array): void {
  const v = size * n;
  let r = 0;
  for (; r + 4 <= size; r += 4) {
    const a0 = r * n;
    const a1 = a0 + n;
    const a2 = a1 + n;
    const a3 = a2 + n;
    const v0 = a[v + r]!;
    const v1 = a[v + r + 1]!;
    const v2 = a[v + r + 2]!;
    const v3 = a[v + r + 3]!;
    const w0 = w[r]!;
    const w1 = w[r + 1]!;
    const w2 = w[r + 2]!;
    const w3 = w[r + 3]!;
    // What this writes above the diagonal is never read.
    for (let c = 0; c < r + 4; c++) {
      const x = a[v + c]!;
      const y = w[c]!;
      a[a0 + c]! -= v0 * y + w0 * x;
      a[a1 + c]! -= v1 * y + w1 * x;
      a[a2 + c]! -= v2 * y + w2 * x;
      a[a3 + c]! -= v3 * y + w3 * x;
    }
  }
  for (; r < size; r++) for (let c = 0; c <= r; c++) a[r * n + c]! -= a[v + r]! * w[c]! + w[r]! * a[v + c]!;
}

/** Returns the eigenvalues and eigenvectors of a tridiagonal matrix by QL. */
function byQl(diagonal: Float64Array, below: Float64Array, count: number): SymmetricEigen {
  const n = diagonal.length;
  const values = diagonal.slice();
  const rotated = rotatedIdentity(n);
  implicitQl(values, below.slice(), rotated.rotate);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => values[j]! - values[i]!);
  const vectors = new Float64Array(count * n);
  for (let r = 0; r < count; r++) {
    const at = order[r]! * rotated.stride;
    vectors.set(rotated.data.subarray(at, at + n), r * n);
  }
  return { values: Float64Array.from(order.slice(0, count), (i) => values[i]!), vectors };
}

/**
 * Returns the largest eigenvalues by QL and their vectors by inverse iteration, each made orthogonal to those of near values; or undefined
 * when a vector turns out not to be one, as it may where the matrix falls into parts.
 */
function byInverseIteration(
  diagonal: Float64Array,
  below: Float64Array,
  count: number,
): SymmetricEigen | undefined {
  const n = diagonal.length;
  const all = diagonal.slice();
  implicitQl(all, below.slice());
  const values = all.sort().reverse().slice(0, count);
  const norm = diagonal.reduce((most, d, i) => Math.max(most, Math.abs(d) + Math.abs(below[i]!)), 0);
  if (!(norm > 0)) return undefined;
  const near = 1e-3 * norm;
  const vectors = new Float64Array(count * n);
  const solver = shiftedSolver(diagonal, below);
  let clusterStart = 0;
  for (let r = 0; r < count; r++) {
    if (r > 0 && values[r - 1]! - values[r]! > near) clusterStart = r;
    const vector = vectors.subarray(r * n, (r + 1) * n);
    // Any start with a part in every direction; of near values each gets its own.
    for (let j = 0; j < n; j++) vector[j] = 1 + ((j * (r + 7) * 2654435761) % 1009) / 1009;
    // Values that are equal are moved apart a little, so that each has its own direction.
    solver.shift(values[r]! - (r - clusterStart) * 1e-15 * norm, 1e-16 * norm);
    for (let step = 0; step < 4; step++) {
      solver.solve(vector);
      for (let q = clusterStart; q < r; q++) {
        const part = dot(vectors, r * n, vectors, q * n, n);
        for (let j = 0, at = q * n; j < n; j++, at++) vector[j]! -= part * vectors[at]!;
      }
      const length = Math.sqrt(dot(vectors, r * n, vectors, r * n, n));
      if (!(length > 0) || length === Number.POSITIVE_INFINITY) return undefined;
      for (let j = 0; j < n; j++) vector[j]! /= length;
    }
    let residual = 0;
    for (let j = 0; j < n; j++) {
      const before = j > 0 ? below[j - 1]! * vector[j - 1]! : 0;
      const after = j < n - 1 ? below[j]! * vector[j + 1]! : 0;
      residual += (before + (diagonal[j]! - values[r]!) * vector[j]! + after) ** 2;
    }
    if (!(Math.sqrt(residual) < 1e-11 * norm)) return undefined;
    for (let q = 0; q < clusterStart; q++)
      if (Math.abs(dot(vectors, r * n, vectors, q * n, n)) > 1e-9) return undefined;
  }
  return { values, vectors };
}

/** Solves (T − shift) x = b for a tridiagonal T by elimination with row exchanges. */
function shiftedSolver(
  diagonal: Float64Array,
  below: Float64Array,
): { shift(value: number, least: number): void; solve(x: Float64Array): void } {
  const n = diagonal.length;
  const pivots = new Float64Array(n);
  const above = new Float64Array(n);
  const far = new Float64Array(n);
  const multipliers = new Float64Array(n);
  const exchanged = new Uint8Array(n);
  return {
    shift(value, least) {
      let pivot = diagonal[0]! - value;
      let next = below[0]!;
      for (let i = 0; i < n - 1; i++) {
        const lower = below[i]!;
        const [d, e] = [diagonal[i + 1]! - value, i + 1 < n - 1 ? below[i + 1]! : 0];
        exchanged[i] = Number(Math.abs(lower) > Math.abs(pivot));
        if (exchanged[i]) {
          multipliers[i] = pivot / lower;
          [pivots[i], above[i], far[i]] = [lower, d, e];
          pivot = next - multipliers[i]! * d;
          next = -multipliers[i]! * e;
        } else {
          if (Math.abs(pivot) < least) pivot = least;
          multipliers[i] = lower / pivot;
          [pivots[i], above[i], far[i]] = [pivot, next, 0];
          pivot = d - multipliers[i]! * next;
          next = e;
        }
      }
      pivots[n - 1] = Math.abs(pivot) < least ? least : pivot;
    },
    solve(x) {
      for (let i = 0; i < n - 1; i++) {
        if (exchanged[i]) [x[i], x[i + 1]] = [x[i + 1]!, x[i]!];
        x[i + 1]! -= multipliers[i]! * x[i]!;
      }
      for (let i = n - 1; i >= 0; i--) {
        let value = x[i]!;
        if (i < n - 1) value -= above[i]! * x[i + 1]!;
        if (i < n - 2) value -= far[i]! * x[i + 2]!;
        x[i] = value / pivots[i]!;
      }
    },
  };
}

/** Reflects each row of `rows` by I − factor · v vᵀ, v being the first i values of row i of `a`; four rows at a time. */
function reflectRows(
  rows: Float64Array,
  a: Float64Array,
  { n, i, factor }: { n: number; i: number; factor: number },
): void {
  const v = i * n;
  let at = 0;
  for (; at + 4 * n <= rows.length; at += 4 * n) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0, to = at; j < i; j++, to++) {
      const x = a[v + j]!;
      s0 += x * rows[to]!;
      s1 += x * rows[to + n]!;
      s2 += x * rows[to + 2 * n]!;
      s3 += x * rows[to + 3 * n]!;
    }
    s0 *= factor;
    s1 *= factor;
    s2 *= factor;
    s3 *= factor;
    for (let j = 0, to = at; j < i; j++, to++) {
      const x = a[v + j]!;
      rows[to]! -= s0 * x;
      rows[to + n]! -= s1 * x;
      rows[to + 2 * n]! -= s2 * x;
      rows[to + 3 * n]! -= s3 * x;
    }
  }
  for (; at < rows.length; at += n) {
    const scale = factor * dot(a, v, rows, at, i);
    for (let j = 0; j < i; j++) rows[at + j]! -= scale * a[v + j]!;
  }
}

/**
 * Replaces the lower triangle of `a` by the vectors v of the reflections I − factor · v vᵀ (row i holds that of step i, i values long) and
 * returns the tridiagonal matrix: its diagonal, and what stands below it (below[i] between i and i + 1).
 */
function reduceToTridiagonal(
  a: Float64Array,
  n: number,
): { diagonal: Float64Array; below: Float64Array; factors: Float64Array } {
  const diagonal = new Float64Array(n);
  const below = new Float64Array(n);
  const factors = new Float64Array(n);
  const product = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    const v = i * n;
    diagonal[i] = a[v + i]!;
    if (i === 0) break;
    const square = dot(a, v, a, v, i);
    const last = a[v + i - 1]!;
    if (square - last * last <= 1e-32 * square) {
      below[i - 1] = last;
      continue;
    }
    const alpha = last > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    below[i - 1] = alpha;
    a[v + i - 1] = last - alpha;
    const factor = 1 / (square - last * alpha); // 2 / vᵀv
    factors[i] = factor;
    product.fill(0, 0, i);
    addSymmetricProduct(a, n, i, product);
    let inner = 0;
    for (let r = 0; r < i; r++) {
      product[r]! *= factor;
      inner += product[r]! * a[v + r]!;
    }
    const half = (factor * inner) / 2;
    for (let r = 0; r < i; r++) product[r]! -= half * a[v + r]!;
    takeOffRankTwo(a, n, i, product);
  }
  return { diagonal, below, factors };
}

/** Turns `d` (diagonal) into the eigenvalues and tells each rotation of neighbouring vectors; `e` is used up. */
function implicitQl(d: Float64Array, e: Float64Array, rotate?: RotatedRows["rotate"]): void {
  const n = d.length;
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]!) > 2.3e-16 * (Math.abs(d[m]!) + Math.abs(d[m + 1]!))) m++;
      if (m === l) break;
      if (sweep === 60)
        throw new RangeError(`symmetricEigen: no convergence at value ${l} of ${n} after 60 sweeps`);
      const slope = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      const root = Math.sqrt(slope * slope + 1);
      let g = d[m]! - d[l]! + e[l]! / (slope + (slope < 0 ? -root : root));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        const r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1]! -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1]! - p;
        const t = (d[i]! - g) * s + 2 * c * b;
        p = s * t;
        d[i + 1] = g + p;
        g = c * t - b;
        rotate?.(i, c, s);
      }
      if (i >= l) continue;
      d[l]! -= p;
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
      for (let j = 0; j < n; j++)
        residual += (images[r * n + j]! - ritz.values[r]! * vectors[r * n + j]!) ** 2;
      worst = Math.max(worst, Math.sqrt(residual));
    }
    if (worst <= tolerance * ritz.values[0]! || width === n || sweep === 300)
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
      const value = w[i * width + k]!;
      for (let j = 0; j < n; j++) result[i * n + j]! += value * x[k * n + j]!;
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
        for (let j = 0; j < n; j++) x[i * n + j]! -= part * x[k * n + j]!;
      }
    }
    const length = Math.sqrt(dot(x, i * n, x, i * n, n));
    const scale = length > 1e-14 * before ? 1 / length : 0;
    for (let j = 0; j < n; j++) x[i * n + j]! *= scale;
  }
}
