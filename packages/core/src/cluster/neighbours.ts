/** Nearest neighbours and neighbours within a radius, of every row among the others, exactly. */
import type { Matrix } from "../math/matrix.js";
import {
  centred,
  exactBelow,
  type PairTile,
  squaredDistance,
  squaredNorms,
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
      const index = heaps.indices[i * kept + k]!;
      return { index, distance: squaredDistance(rows, i, rows, index) };
    }).sort((a, b) => a.distance - b.distance || a.index - b.index);
    for (let k = 0; k < count; k++) {
      indices[i * count + k] = own[k]!.index;
      distances[i * count + k] = Math.sqrt(own[k]!.distance);
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
    const own = norms[i]!;
    const top = i * size;
    for (let j = Math.max(rightFrom, i + 1); j < rightTo; j++) {
      const lengths = own + norms[j]!;
      let d = lengths - 2 * data[line + j]!;
      const doubt = 1e-5 * lengths;
      if (d > keys[top]! + doubt && d > keys[j * size]! + doubt) continue;
      if (d < exactBelow * lengths) d = squaredDistance(rows, i, rows, j);
      if (d < keys[top]!) replaceTop(heaps, i, d, j);
      if (d < keys[j * size]!) replaceTop(heaps, j, d, i);
    }
  }
}

function replaceTop({ keys, indices, size }: Heaps, row: number, key: number, index: number): void {
  const base = row * size;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && keys[base + child + 1]! > keys[base + child]!) child++;
    if (keys[base + child]! <= key) break;
    keys[base + at] = keys[base + child]!;
    indices[base + at] = indices[base + child]!;
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
  visitPairTiles(m, ({ data, at, stride, from, to, rightFrom, rightTo }) => {
    for (let i = from; i < to; i++) {
      const line = at + (i - from) * stride - rightFrom;
      const own = norms[i]!;
      for (let j = Math.max(rightFrom, i + 1); j < rightTo; j++) {
        const lengths = own + norms[j]!;
        const d = lengths - 2 * data[line + j]!;
        const doubt = 1e-5 * lengths;
        if (d > limit + doubt) continue;
        // Near the limit, and where rounding is large beside the distance, float64 decides (on the rows as they were given).
        if (d < limit - doubt && d > exactBelow * lengths) visit(i, j);
        else if (squaredDistance(rows, i, rows, j) <= limit) visit(i, j);
      }
    }
  });
}
