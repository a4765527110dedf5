/** Nearest neighbours and neighbours within a radius, of every row among the others, exactly. */
import { type Matrix, matrix, row } from "../math/matrix.js";
import { rowProducts } from "../math/row-products.js";
import {
  centred,
  exactBelow,
  type PairTile,
  squaredDistance,
  squaredNorms,
  visitPairRanges,
  visitPairTiles,
} from "./distances.js";

/** The `count` nearest other rows of every row, nearest first; those of row i are at i · count. */
export interface NearestNeighbours {
  readonly count: number;
  readonly indices: Int32Array;
  /** Euclidean distances. */
  readonly distances: Float64Array;
}

/** Returns the `count` (at most rows − 1) nearest other rows of each row; of equally far ones, those that come first. */
export function nearestNeighbours(rows: Matrix, count: number): NearestNeighbours {
  const m = centred(rows);
  const n = m.rows;
  const norms = squaredNorms(m);
  // A few more are kept than asked for, so that float32 decides only about those that float64 drops again.
  const kept = Math.min(n - 1, count + 4);
  const heaps = createHeaps(n, kept);
  visitPairTiles(m, (tile) => offerTile(tile, { rows, norms, heaps }));
  const indices = new Int32Array(n * count);
  const distances = new Float64Array(n * count);
  for (let i = 0; i < n; i++) {
    const own = Array.from({ length: kept }, (_, k) => {
      const index = heaps.indices[i * kept + k];
      return { index, distance: squaredDistance(rows, i, rows, index) };
    }).sort((a, b) => a.distance - b.distance || a.index - b.index);
    for (let k = 0; k < count; k++) {
      indices[i * count + k] = own[k].index;
      distances[i * count + k] = Math.sqrt(own[k].distance);
    }
  }
  return { count, indices, distances };
}

/** One binary heap a row with the farthest of the nearest on top. */
interface Heaps {
  readonly size: number;
  readonly keys: Float32Array;
  readonly indices: Int32Array;
}

function createHeaps(rows: number, size: number): Heaps {
  return {
    size,
    keys: new Float32Array(rows * size).fill(Number.POSITIVE_INFINITY),
    indices: new Int32Array(rows * size).fill(-1),
  };
}

function offerTile(
  tile: PairTile,
  { rows, norms, heaps }: { rows: Matrix; norms: Float64Array; heaps: Heaps },
): void {
  const { data, at, stride, from, to, rightFrom, rightTo } = tile;
  const { keys, size } = heaps;
  for (let i = from; i < to; i++) {
    const line = at + (i - from) * stride - rightFrom;
    const own = norms[i];
    const top = i * size;
    for (let j = Math.max(rightFrom, i + 1); j < rightTo; j++) {
      const lengths = own + norms[j];
      let d = lengths - 2 * data[line + j];
      const doubt = 1e-5 * lengths;
      if (d > keys[top] + doubt && d > keys[j * size] + doubt) continue;
      if (d < exactBelow * lengths) d = squaredDistance(rows, i, rows, j);
      if (d < keys[top]) replaceTop(heaps, i, d, j);
      if (d < keys[j * size]) replaceTop(heaps, j, d, i);
    }
  }
}

function replaceTop({ keys, indices, size }: Heaps, row: number, key: number, index: number): void {
  const base = row * size;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && keys[base + child + 1] > keys[base + child]) child++;
    if (keys[base + child] <= key) break;
    keys[base + at] = keys[base + child];
    indices[base + at] = indices[base + child];
    at = child;
  }
  keys[base + at] = key;
  indices[base + at] = index;
}

/** Calls `visit` once for each pair i < j of rows that are at most `radius` apart. */
export function visitClosePairs(rows: Matrix, radius: number, visit: (i: number, j: number) => void): void {
  const m = centred(rows);
  const norms = squaredNorms(m);
  const limit = radius * radius;
  const shadow = shadowOf(m, limit);
  if (shadow) {
    // Rows farther apart in a few directions than allowed in all are passed over: their product is less than half of what both bring, less what
    // rounding, of directions too, may hide. What is left is few, and float64 decides.
    const least = Float32Array.from(
      squaredNorms(shadow),
      (norm, i) => (norm - 3e-5 * norms[i] - limit / 2) / 2,
    );
    const products = rowProducts(shadow);
    visitPairRanges(rows.rows, (range) => {
      products.visitAtLeast(least, range, (i, j) => {
        if (squaredDistance(rows, i, rows, j) <= limit) visit(i, j);
      });
    });
    return;
  }
  visitPairTiles(m, ({ data, at, stride, from, to, rightFrom, rightTo }) => {
    for (let i = from; i < to; i++) {
      const line = at + (i - from) * stride - rightFrom;
      const own = norms[i];
      for (let j = Math.max(rightFrom, i + 1); j < rightTo; j++) {
        const lengths = own + norms[j];
        const d = lengths - 2 * data[line + j];
        const doubt = 1e-5 * lengths;
        if (d > limit + doubt) continue;
        // Near the limit, and where rounding is large beside the distance, float64 decides (on the rows as they were given).
        if (d < limit - doubt && d > exactBelow * lengths) visit(i, j);
        else if (squaredDistance(rows, i, rows, j) <= limit) visit(i, j);
      }
    }
  });
}

/** Directions of a shadow, and how many columns rows need for it to save anything. */
const shadowWidth = 48;
const widest = 2 * shadowWidth;
/** Rows below which all is quick, pairs that are tried, and the part of them that may be near each other in the shadow. */
const fewRows = 500;
const triedPairs = 4000;
const mostNear = 0.03;

/**
 * Returns the coordinates of centred rows along a few orthonormal directions, those that some of the rows span, when nearly all pairs are
 * farther apart in these alone than the square root of `limit`; undefined when they are not, and all columns have to be looked at.
 */
function shadowOf(m: Matrix, limit: number): Matrix | undefined {
  const { rows: n, cols } = m;
  if (n < fewRows || cols < widest) return undefined;
  const axes = matrix(shadowWidth, cols);
  for (let k = 0; k < shadowWidth; k++) {
    const axis = row(axes, k);
    axis.set(row(m, Math.floor(((k + 0.5) * n) / shadowWidth)));
    const before = length(axis);
    for (let pass = 0; pass < 2; pass++) {
      for (let q = 0; q < k; q++) {
        const other = row(axes, q);
        let part = 0;
        for (let j = 0; j < cols; j++) part += axis[j] * other[j];
        for (let j = 0; j < cols; j++) axis[j] -= part * other[j];
      }
    }
    const after = length(axis);
    // A row that the others span has no direction of its own.
    const scale = after > 1e-3 * before ? 1 / after : 0;
    for (let j = 0; j < cols; j++) axis[j] *= scale;
  }
  const products = rowProducts(m, axes);
  const shadow = matrix(n, shadowWidth);
  for (let from = 0; from < n; from += 64) {
    const to = Math.min(n, from + 64);
    const { data, at, stride } = products.tile(from, to, 0, shadowWidth);
    for (let i = from; i < to; i++) {
      const start = at + (i - from) * stride;
      row(shadow, i).set(data.subarray(start, start + shadowWidth));
    }
  }
  // Pairs a changing number of rows apart, so that no order of the rows deceives.
  let near = 0;
  for (let t = 0; t < triedPairs; t++) {
    const i = (t * 7919) % n;
    const j = (i + 1 + ((t * 104_729) % (n - 1))) % n;
    if (squaredDistance(shadow, i, shadow, j) <= limit) near++;
  }
  return near <= mostNear * triedPairs ? shadow : undefined;
}

function length(vector: Float32Array): number {
  let square = 0;
  for (const value of vector) square += value * value;
  return Math.sqrt(square);
}
