/** HDBSCAN: the clusters of DBSCAN at every density, of which the most lasting are kept. */
import type { Matrix } from "../math/matrix.js";
import { type Merge, named, spanningTree } from "./agglomerative.js";
import { expectOptions, fromOne } from "./check-options.js";
import { expectRows, expectWhole } from "./check-rows.js";
import type { Clusterer, Clustering } from "./clusterer.js";
import { squaredDistances } from "./distances.js";
import { nearestNeighbours } from "./neighbours.js";

/** Settings of HDBSCAN. */
export interface HdbscanOptions {
  /** Rows that make a group a cluster; default 5. */
  readonly minClusterSize?: number;
  /** Rows within the core distance, the row itself included; default `minClusterSize`. */
  readonly minRows?: number;
}

/** What HDBSCAN found; −1 is noise. */
export interface HdbscanResult extends Clustering {
  /** How firmly a row belongs to its cluster, 0..1; 0 for noise. */
  readonly probabilities: Float64Array;
}

/**
 * Returns the clusters of greatest stability (Campello, Moulavi and Sander 2013; excess of mass, never all rows as one cluster), as
 * scikit-learn's HDBSCAN. Fewer rows than `minClusterSize` are all noise.
 * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`, `learn/bad-parameter`, also beyond 12,000 rows.
 */
export function hdbscan(data: Matrix, options: HdbscanOptions = {}): HdbscanResult {
  const { minClusterSize = 5, minRows = minClusterSize } = options;
  expectOptions("hdbscan", options, { minClusterSize: null, minRows: fromOne });
  expectRows("hdbscan", data);
  expectWhole("hdbscan", "minClusterSize", minClusterSize, { low: 2, high: Number.MAX_SAFE_INTEGER });
  expectWhole("hdbscan", "rows", data.rows, { low: 1, high: 12_000 });
  const n = data.rows;
  if (n < Math.max(2, minClusterSize))
    return { labels: new Int32Array(n).fill(-1), clusters: 0, probabilities: new Float64Array(n) };
  const edges = spanningTree(mutualReachability(data, minRows), n).sort((a, b) => a.height - b.height);
  return extract(condense(named(edges, n), minClusterSize), n);
}

/** Returns max(distance, both core distances) of all pairs. */
function mutualReachability(data: Matrix, minRows: number): Float64Array {
  const n = data.rows;
  const distances = squaredDistances(data);
  const count = Math.min(minRows - 1, n - 1);
  const core = new Float64Array(n);
  if (count > 0) {
    const near = nearestNeighbours(data, count);
    for (let i = 0; i < n; i++) core[i] = near.distances[(i + 1) * count - 1];
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      distances[i * n + j] = Math.max(Math.sqrt(distances[i * n + j]), core[i], core[j]);
  return distances;
}

/** A row or cluster that leaves a cluster at a density (lambda = 1 / distance). Clusters are numbered from 0, parents first. */
interface Departure {
  readonly parent: number;
  readonly row?: number;
  readonly cluster?: number;
  readonly lambda: number;
  readonly size: number;
}

/** Returns the departures: groups below `minSize` rows leave row by row, larger ones as clusters when a cluster splits in two of them. */
function condense(merges: readonly Merge[], minSize: number): Departure[] {
  const n = merges.length + 1;
  const size = (node: number): number => (node < n ? 1 : merges[node - n].size);
  const departures: Departure[] = [];
  let clusters = 1;
  const leaveAll = (node: number, parent: number, lambda: number): void => {
    const stack = [node];
    while (stack.length > 0) {
      const at = stack.pop()!;
      if (at < n) departures.push({ parent, row: at, lambda, size: 1 });
      else stack.push(merges[at - n].second, merges[at - n].first);
    }
  };
  // Breadth first, so that parents have the lower numbers.
  const queue: { node: number; cluster: number }[] = [{ node: 2 * n - 2, cluster: 0 }];
  for (let head = 0; head < queue.length; head++) {
    const { node, cluster } = queue[head];
    if (node < n) continue;
    const { first, second, height } = merges[node - n];
    const lambda = height > 0 ? 1 / height : Number.POSITIVE_INFINITY;
    const children = [first, second];
    const large = children.filter((child) => size(child) >= minSize);
    for (const child of children) {
      if (size(child) < minSize) leaveAll(child, cluster, lambda);
      else if (large.length === 1) queue.push({ node: child, cluster });
      else {
        departures.push({ parent: cluster, cluster: clusters, lambda, size: size(child) });
        queue.push({ node: child, cluster: clusters++ });
      }
    }
  }
  return departures;
}

function extract(departures: readonly Departure[], n: number): HdbscanResult {
  const clusters = 1 + departures.filter(({ cluster }) => cluster !== undefined).length;
  const birth = new Float64Array(clusters);
  const parentOf = new Int32Array(clusters).fill(-1);
  for (const { cluster, parent, lambda } of departures) {
    if (cluster === undefined) continue;
    birth[cluster] = lambda;
    parentOf[cluster] = parent;
  }
  const stability = new Float64Array(clusters);
  for (const { parent, lambda, size } of departures) {
    // Rows that are equal never part: they add nothing that another cluster would not.
    if (lambda - birth[parent] > 0) stability[parent] += (lambda - birth[parent]) * size;
  }
  const chosen = new Uint8Array(clusters).fill(1);
  chosen[0] = 0;
  const below = new Float64Array(clusters);
  for (let k = clusters - 1; k > 0; k--) {
    if (below[k] > stability[k]) {
      chosen[k] = 0;
      stability[k] = below[k];
    }
    below[parentOf[k]] += stability[k];
  }
  // A chosen cluster holds all below it.
  const owner = new Int32Array(clusters).fill(-1);
  const numberOf = new Int32Array(clusters).fill(-1);
  let kept = 0;
  for (let k = 1; k < clusters; k++) {
    const above = owner[parentOf[k]];
    owner[k] = above >= 0 ? above : chosen[k] ? k : -1;
    if (owner[k] === k) numberOf[k] = kept++;
  }
  const labels = new Int32Array(n).fill(-1);
  const probabilities = new Float64Array(n);
  const leavesAt = new Float64Array(n);
  // scikit-learn's measure: the density of the last departure from the chosen cluster itself, not from those below it.
  const densest = new Float64Array(clusters);
  for (const { parent, row, lambda } of departures) {
    const own = owner[parent];
    if (own === parent) densest[own] = Math.max(densest[own], lambda);
    if (row === undefined) continue;
    leavesAt[row] = lambda;
    if (own >= 0) labels[row] = numberOf[own];
  }
  for (const { parent, row } of departures) {
    if (row === undefined || owner[parent] < 0) continue;
    const most = densest[owner[parent]];
    const lambda = Math.min(leavesAt[row], most);
    probabilities[row] = most === 0 || !Number.isFinite(lambda) ? 1 : lambda / most;
  }
  return { labels, clusters: kept, probabilities };
}

/** HDBSCAN as one of the list. */
export const hdbscanClusterer: Clusterer = {
  kind: "hdbscan",
  takesCount: false,
  cluster: (data) => hdbscan(data),
};
