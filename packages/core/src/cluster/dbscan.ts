/** DBSCAN: clusters are what can be reached from row to row through dense places. */
import type { Matrix } from "../math/matrix.js";
import { percentiles } from "../math/statistics.js";
import { expectOptions, fromOne } from "./check-options.js";
import { expectPositive, expectRows } from "./check-rows.js";
import type { Clusterer, Clustering } from "./clusterer.js";
import { nearestNeighbours, visitClosePairs } from "./neighbours.js";
import { unionFind } from "./union-find.js";

/** Settings of DBSCAN. */
export interface DbscanOptions {
  /** Greatest distance of neighbours. */
  readonly radius: number;
  /** Rows within the radius, itself included, that make a row a core row; default 5. */
  readonly minRows?: number;
}

/** What DBSCAN found; −1 is noise. */
export interface DbscanResult extends Clustering {
  /** 1 for rows in dense places. */
  readonly core: Uint8Array;
}

/** Pairs that are remembered between the two passes; beyond it (320 MB) they are computed again. */
const mostPairs = 40e6;

/**
 * Returns the clusters of Ester et al. 1996 as scikit-learn numbers them: by their first core row; a border row belongs to the first cluster
 * that reaches it.
 * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`, `learn/bad-parameter`.
 */
export function dbscan(data: Matrix, options: DbscanOptions): DbscanResult {
  const { radius, minRows = 5 } = options;
  expectOptions("dbscan", options, { radius: null, minRows: fromOne });
  expectRows("dbscan", data);
  expectPositive("dbscan", "radius", radius);
  const n = data.rows;
  const degrees = new Int32Array(n).fill(1);
  let pairs = new Int32Array(2 * 65536);
  let count = 0;
  visitClosePairs(data, radius, (i, j) => {
    degrees[i]++;
    degrees[j]++;
    if (count < mostPairs) {
      if (2 * count === pairs.length) {
        const larger = new Int32Array(2 * pairs.length);
        larger.set(pairs);
        pairs = larger;
      }
      pairs[2 * count] = i;
      pairs[2 * count + 1] = j;
    }
    count++;
  });
  const eachPair = (visit: (i: number, j: number) => void): void => {
    if (count > mostPairs) visitClosePairs(data, radius, visit);
    else for (let p = 0; p < count; p++) visit(pairs[2 * p], pairs[2 * p + 1]);
  };
  const core = Uint8Array.from(degrees, (degree) => Number(degree >= minRows));
  const sets = unionFind(n);
  eachPair((i, j) => {
    if (core[i] && core[j]) sets.join(i, j);
  });
  const labels = new Int32Array(n).fill(-1);
  const numberOf = new Int32Array(n).fill(-1);
  let clusters = 0;
  for (let i = 0; i < n; i++) {
    if (!core[i]) continue;
    const root = sets.find(i);
    if (numberOf[root] < 0) numberOf[root] = clusters++;
    labels[i] = numberOf[root];
  }
  const reach = (border: number, from: number): void => {
    if (core[border] || !core[from]) return;
    if (labels[border] < 0 || labels[from] < labels[border]) labels[border] = labels[from];
  };
  eachPair((i, j) => {
    reach(i, j);
    reach(j, i);
  });
  return { labels, clusters, core };
}

/** Returns a radius that makes about two thirds of the rows core rows: that percentile of the distances to the fourth neighbour. */
export function suggestRadius(data: Matrix, minRows = 5): number {
  const count = Math.min(data.rows - 1, Math.max(1, minRows - 1));
  if (count < 1) return 1;
  const { distances } = nearestNeighbours(data, count);
  const farthest = Array.from({ length: data.rows }, (_, i) => distances[(i + 1) * count - 1]);
  return percentiles(farthest, [66])[0] || 1;
}

/** DBSCAN as one of the list, with the suggested radius. */
export const dbscanClusterer: Clusterer = {
  kind: "dbscan",
  takesCount: false,
  cluster(data) {
    expectRows("dbscan", data);
    return dbscan(data, { radius: suggestRadius(data) });
  },
};
