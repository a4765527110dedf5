/** How good a grouping is: by itself (silhouette, Davies-Bouldin) and against other labels (adjusted Rand, mutual information). */
import { UndertoneError } from "../errors.js";
import { type Matrix, matrix, row } from "../math/matrix.js";
import { distinctRows, expectRows } from "./check-rows.js";
import { centred, exactBelow, squaredDistance, squaredNorms, visitPairTiles } from "./distances.js";

type Labels = ArrayLike<number>;

/**
 * Returns the silhouette of each row, −1..1 (Rousseeuw 1987, Euclidean distances): 0 for a row alone in its cluster. Labels are 0..k − 1.
 * @throws UndertoneError `learn/too-few-rows` below two clusters, `learn/not-finite`.
 */
export function silhouettes(data: Matrix, labels: Labels): Float64Array {
  const counts = countLabels("silhouette", data, labels);
  if (usedClusters(counts) < 2) {
    throw new UndertoneError(
      "learn/too-few-rows",
      `'silhouette' got rows of ${usedClusters(counts)} cluster, expected at least 2 clusters`,
    );
  }
  const m = centred(data);
  const norms = squaredNorms(m);
  const clusters = counts.length;
  const sums = new Float64Array(m.rows * clusters);
  visitPairTiles(m, ({ data: tile, at, stride, from, to, rightFrom, rightTo }) => {
    for (let i = from; i < to; i++) {
      const line = at + (i - from) * stride - rightFrom;
      for (let j = Math.max(rightFrom, i + 1); j < rightTo; j++) {
        const lengths = norms[i] + norms[j];
        let d = lengths - 2 * tile[line + j];
        if (d < exactBelow * lengths) d = squaredDistance(m, i, m, j);
        d = Math.sqrt(d);
        sums[i * clusters + labels[j]] += d;
        sums[j * clusters + labels[i]] += d;
      }
    }
  });
  return Float64Array.from({ length: m.rows }, (_, i) => {
    const own = labels[i];
    if (counts[own] === 1) return 0;
    const inside = sums[i * clusters + own] / (counts[own] - 1);
    let outside = Number.POSITIVE_INFINITY;
    for (let k = 0; k < clusters; k++)
      if (k !== own && counts[k] > 0) outside = Math.min(outside, sums[i * clusters + k] / counts[k]);
    const greater = Math.max(inside, outside);
    return greater > 0 ? (outside - inside) / greater : 0;
  });
}

/**
 * Returns the mean silhouette; null where it says nothing: below two clusters, when each row is a cluster of its own, or all rows are equal.
 * @throws UndertoneError `learn/too-few-rows` without rows, `learn/not-finite`.
 */
export function silhouette(data: Matrix, labels: Labels): number | null {
  const counts = countLabels("silhouette", data, labels);
  const used = usedClusters(counts);
  if (used < 2 || used === data.rows || distinctRows(data, 2) < 2) return null;
  return silhouettes(data, labels).reduce((sum, value) => sum + value, 0) / data.rows;
}

/**
 * Returns the Davies-Bouldin index, from 0 (compact and far apart) up (Davies and Bouldin 1979, as scikit-learn); null below two clusters,
 * when each row is a cluster of its own, or where two clusters have the same centre.
 * @throws UndertoneError `learn/too-few-rows` without rows, `learn/not-finite`.
 */
export function daviesBouldin(data: Matrix, labels: Labels): number | null {
  const counts = countLabels("Davies-Bouldin index", data, labels);
  const k = counts.length;
  if (usedClusters(counts) < 2 || usedClusters(counts) === data.rows) return null;
  const centres = clusterMeans(data, labels, counts);
  const spread = new Float64Array(k);
  for (let i = 0; i < data.rows; i++)
    spread[labels[i]] += Math.sqrt(squaredDistance(data, i, centres, labels[i])) / counts[labels[i]];
  const used = Array.from({ length: k }, (_, a) => a).filter((a) => counts[a] > 0);
  const worst = used.map((a) =>
    Math.max(
      ...used
        .filter((b) => b !== a)
        .map((b) => {
          const gap = Math.sqrt(squaredDistance(centres, a, centres, b));
          return gap > 0 ? (spread[a] + spread[b]) / gap : Number.POSITIVE_INFINITY;
        }),
    ),
  );
  const mean = worst.reduce((sum, value) => sum + value, 0) / used.length;
  return Number.isFinite(mean) ? mean : null;
}

function countLabels(kind: string, data: Matrix, labels: Labels): Int32Array {
  expectRows(kind, data);
  if (labels.length !== data.rows)
    throw new RangeError(`${kind}: got ${labels.length} labels for ${data.rows} rows`);
  let most = 0;
  for (let i = 0; i < labels.length; i++) {
    if (!(labels[i] >= 0))
      throw new RangeError(`${kind}: got label ${labels[i]} of row ${i}, expected 0 or more`);
    most = Math.max(most, labels[i]);
  }
  const counts = new Int32Array(most + 1);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  return counts;
}

function usedClusters(counts: Int32Array): number {
  return counts.filter((count) => count > 0).length;
}

function clusterMeans(data: Matrix, labels: Labels, counts: Int32Array): Matrix {
  const sums = Array.from(counts, () => new Float64Array(data.cols));
  for (let i = 0; i < data.rows; i++) {
    const sum = sums[labels[i]];
    for (let j = 0; j < data.cols; j++) sum[j] += data.data[i * data.cols + j];
  }
  const result = matrix(counts.length, data.cols);
  sums.forEach((sum, k) => {
    row(result, k).set(sum.map((value) => (counts[k] > 0 ? value / counts[k] : 0)));
  });
  return result;
}

/** How often each value of two labellings occurs together. */
export interface Contingency {
  readonly firstValues: readonly (number | string)[];
  readonly secondValues: readonly (number | string)[];
  /** counts[first][second]. */
  readonly counts: readonly (readonly number[])[];
}

/** Returns the contingency table of two labellings of the same rows, values in ascending order. */
export function contingency<A extends number | string, B extends number | string>(
  first: ArrayLike<A>,
  second: ArrayLike<B>,
): Contingency {
  if (first.length !== second.length)
    throw new RangeError(`contingency: got ${first.length} and ${second.length} labels, expected as many`);
  const values = <T extends number | string>(labels: ArrayLike<T>): T[] =>
    [...new Set(Array.from(labels))].sort((a, b) => (a < b ? -1 : 1));
  const [firstValues, secondValues] = [values(first), values(second)];
  const rowOf = new Map(firstValues.map((value, i) => [value, i]));
  const columnOf = new Map(secondValues.map((value, j) => [value, j]));
  const counts = firstValues.map(() => secondValues.map(() => 0));
  for (let i = 0; i < first.length; i++) counts[rowOf.get(first[i]!)!][columnOf.get(second[i]!)!]++;
  return { firstValues, secondValues, counts };
}

interface Margins {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly total: number;
}

function margins({ counts }: Contingency): Margins {
  const rows = counts.map((line) => line.reduce((a, b) => a + b, 0));
  const columns = (counts[0] ?? []).map((_, j) => counts.reduce((sum, line) => sum + line[j], 0));
  return { rows, columns, total: rows.reduce((a, b) => a + b, 0) };
}

/**
 * Returns the adjusted Rand index: 1 for the same grouping, about 0 for chance (Hubert and Arabie 1985); null where it is 0 over 0, as when
 * neither labelling parts anything.
 */
export function adjustedRandIndex(table: Contingency): number | null {
  const pairs = (n: number): number => (n * (n - 1)) / 2;
  const sumPairs = (values: readonly number[]): number => values.reduce((sum, n) => sum + pairs(n), 0);
  const { rows, columns, total } = margins(table);
  const together = sumPairs(table.counts.flat());
  const [inRows, inColumns] = [sumPairs(rows), sumPairs(columns)];
  const expected = total > 1 ? (inRows * inColumns) / pairs(total) : 0;
  const most = (inRows + inColumns) / 2;
  return most === expected ? null : (together - expected) / (most - expected);
}

/**
 * Returns the mutual information over the mean of both entropies, 0..1 (Strehl and Ghosh 2002; scikit-learn's arithmetic mean); null where
 * neither labelling parts anything.
 */
export function normalizedMutualInformation(table: Contingency): number | null {
  const { rows, columns, total } = margins(table);
  const entropy = (values: readonly number[]): number =>
    values.reduce((sum, n) => (n > 0 ? sum - (n / total) * Math.log(n / total) : sum), 0);
  const mean = (entropy(rows) + entropy(columns)) / 2;
  if (!(mean > 0)) return null;
  let information = 0;
  table.counts.forEach((line, i) => {
    line.forEach((n, j) => {
      if (n > 0) information += (n / total) * Math.log((n * total) / (rows[i] * columns[j]));
    });
  });
  return Math.max(0, information / mean);
}
