/** Agglomerative clustering: the two nearest clusters become one, until there is one. */
import { listChoices, UndertoneError } from "../errors.js";
import type { Matrix } from "../math/matrix.js";
import { expectClusters, expectRows, expectWhole } from "./check-rows.js";
import type { Clusterer, Clustering } from "./clusterer.js";
import { squaredDistances } from "./distances.js";
import { unionFind } from "./union-find.js";

/** How far apart two clusters are. */
export const linkages = ["ward", "average", "complete", "single"] as const;
export type Linkage = (typeof linkages)[number];

/** One step: clusters `first` < `second` (a row, or rows + number of the step) become one of `size` rows at `height`. */
export interface Merge {
  readonly first: number;
  readonly second: number;
  readonly height: number;
  readonly size: number;
}

/** Rows that the table of all distances (8 bytes each) is made for. */
const mostRows = 12_000;

/**
 * Returns the rows − 1 merges in the order of their heights, as `scipy.cluster.hierarchy.linkage` (Euclidean distances): nearest-neighbour
 * chains with the Lance-Williams update (Müllner 2011; Murtagh and Legendre 2014 for Ward), single linkage by the minimum spanning tree.
 * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`, `learn/bad-parameter` beyond 12,000 rows.
 */
export function linkage(data: Matrix, method: Linkage): Merge[] {
  if (!linkages.includes(method)) {
    throw new UndertoneError(
      "learn/bad-parameter",
      `'agglomerative' got linkage '${method}', expected ${listChoices(linkages)}`,
    );
  }
  expectRows("agglomerative", data);
  if (data.rows > mostRows) {
    throw new UndertoneError(
      "learn/bad-parameter",
      `'agglomerative' got ${data.rows} rows, expected at most ${mostRows}, as it keeps the distance of every pair`,
    );
  }
  const distances = squaredDistances(data);
  for (let i = 0; i < distances.length; i++) distances[i] = Math.sqrt(distances[i]);
  const joined =
    method === "single" ? spanningTree(distances, data.rows) : chain(distances, data.rows, method);
  joined.sort((a, b) => a.height - b.height);
  return named(joined, data.rows);
}

interface Joined {
  readonly a: number;
  readonly b: number;
  readonly height: number;
}

/** Returns the edges of the minimum spanning tree (Prim), each a merge of single linkage. */
export function spanningTree(distances: Float64Array, n: number): Joined[] {
  const nearest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(n);
  const done = new Uint8Array(n);
  const edges: Joined[] = [];
  let at = 0;
  for (let step = 1; step < n; step++) {
    done[at] = 1;
    let next = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < n; j++) {
      if (done[j]) continue;
      const d = distances[at * n + j];
      if (d < nearest[j]) {
        nearest[j] = d;
        from[j] = at;
      }
      if (next < 0 || nearest[j] < least) {
        least = nearest[j];
        next = j;
      }
    }
    edges.push({ a: from[next], b: next, height: least });
    at = next;
  }
  return edges;
}

/** Returns the merges found by following nearest neighbours until two are each other's; `distances` is used up. */
function chain(distances: Float64Array, n: number, method: "ward" | "average" | "complete"): Joined[] {
  const sizes = new Float64Array(n).fill(1);
  const alive = Int32Array.from({ length: n }, (_, i) => i);
  let left = n;
  const stack: number[] = [];
  const merges: Joined[] = [];
  while (left > 1) {
    if (stack.length === 0) stack.push(alive[0]);
    for (;;) {
      const x = stack.at(-1)!;
      const previous = stack.at(-2) ?? -1;
      // On a tie the previous one is kept, so that the chain ends.
      let y = previous;
      let least = previous < 0 ? Number.POSITIVE_INFINITY : distances[x * n + previous];
      const line = x * n;
      for (let at = 0; at < left; at++) {
        const i = alive[at];
        if (i !== x && distances[line + i] < least) {
          least = distances[line + i];
          y = i;
        }
      }
      if (y === previous) {
        stack.length -= 2;
        merges.push({ a: x, b: y, height: least });
        join(Math.min(x, y), Math.max(x, y), least);
        break;
      }
      stack.push(y);
    }
  }
  return merges;

  /** Puts the union of x and y into y's place and takes x out. */
  function join(x: number, y: number, between: number): void {
    const [sizeX, sizeY] = [sizes[x], sizes[y]];
    alive.copyWithin(alive.indexOf(x), alive.indexOf(x) + 1, left--);
    sizes[y] = sizeX + sizeY;
    for (let at = 0; at < left; at++) {
      const i = alive[at];
      if (i === y) continue;
      const dx = distances[x * n + i];
      const dy = distances[y * n + i];
      const size = sizes[i];
      const d =
        method === "complete"
          ? Math.max(dx, dy)
          : method === "average"
            ? (sizeX * dx + sizeY * dy) / (sizeX + sizeY)
            : Math.sqrt(
                ((sizeX + size) * dx * dx + (sizeY + size) * dy * dy - size * between * between) /
                  (sizeX + sizeY + size),
              );
      distances[y * n + i] = d;
      distances[i * n + y] = d;
    }
  }
}

/** Names clusters by the step that made them. */
export function named(joined: readonly Joined[], rows: number): Merge[] {
  const sets = unionFind(rows);
  const name = Int32Array.from({ length: rows }, (_, i) => i);
  const sizes = new Int32Array(rows).fill(1);
  return joined.map(({ a, b, height }, step) => {
    const [x, y] = [sets.find(a), sets.find(b)];
    const size = sizes[x] + sizes[y];
    const [p, q] = [name[x], name[y]];
    sets.join(x, y);
    const root = sets.find(x);
    name[root] = rows + step;
    sizes[root] = size;
    return {
      first: Math.min(p, q),
      second: Math.max(p, q),
      height,
      size,
    };
  });
}

/**
 * Returns the `clusters` groups that the merges make when the last clusters − 1 are undone, numbered by their first row.
 * @throws UndertoneError `learn/bad-parameter` for more clusters than rows.
 */
export function cutTree(merges: readonly Merge[], clusters: number): Clustering {
  const rows = merges.length + 1;
  expectWhole("agglomerative", "clusters", clusters, { low: 1, high: rows });
  const sets = unionFind(2 * rows - 1);
  merges.slice(0, rows - clusters).forEach(({ first, second }, step) => {
    sets.join(first, rows + step);
    sets.join(second, rows + step);
  });
  const numbers = new Map<number, number>();
  const labels = Int32Array.from({ length: rows }, (_, i) => {
    const root = sets.find(i);
    if (!numbers.has(root)) numbers.set(root, numbers.size);
    return numbers.get(root)!;
  });
  return { labels, clusters };
}

/** The clusterer of one linkage. */
function agglomerative(method: Linkage): Clusterer {
  return {
    kind: `agglomerative-${method}`,
    takesCount: true,
    cluster(data, { clusters }) {
      expectRows("agglomerative", data);
      expectClusters("agglomerative", clusters, data);
      return cutTree(linkage(data, method), clusters);
    },
  };
}

/** Agglomerative clustering as four of the list. */
export const agglomerativeClusterers: readonly Clusterer[] = linkages.map(agglomerative);
