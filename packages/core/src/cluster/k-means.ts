/** K-means: Lloyd's iterations with Hamerly's bounds, from k-means++ starts. */
import { type Matrix, matrix, takeRows } from "../math/matrix.js";
import type { Random } from "../math/random.js";
import { rowProducts } from "../math/row-products.js";
import { expectOptions, fromOne, nonNegative } from "./check-options.js";
import { expectClusters, expectRows } from "./check-rows.js";
import { type Clusterer, type Clustering, numberedAnew } from "./clusterer.js";
import { columnMeans, squaredDistance, squaredNorms } from "./distances.js";
import { type PackedRows, seedCentres } from "./k-means-seeding.js";

/** Settings of k-means; the defaults are scikit-learn's, except for its single start. */
export interface KMeansOptions {
  readonly clusters: number;
  readonly random: Random;
  /** Starts, of which the one with the least inertia is returned; default 10. */
  readonly restarts?: number;
  /** Default 300. */
  readonly maxIterations?: number;
  /** Iterations end when the squared shifts of the centres sum to at most this part of the columns' mean variance; default 1e-4. */
  readonly tolerance?: number;
  /** The centres to start from, in place of k-means++; there is one start then. */
  readonly initial?: Matrix;
}

/** What k-means found. */
export interface KMeansResult extends Clustering {
  /** clusters × columns. */
  readonly centres: Matrix;
  /** Sum of the squared distances of the rows to the centres of their clusters. */
  readonly inertia: number;
  readonly iterations: number;
}

/**
 * Returns the grouping with the least inertia among the starts (MacQueen 1967; Lloyd 1982; bounds: Hamerly 2010). A cluster that loses all
 * its rows takes the row that is farthest from its centre; one that stays empty, where float32 cannot tell rows apart, is left out.
 * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`, `learn/bad-parameter`.
 */
export function kMeans(data: Matrix, options: KMeansOptions): KMeansResult {
  const { clusters, random, restarts = 10, maxIterations = 300, tolerance = 1e-4, initial } = options;
  expectOptions("k-means", options, {
    clusters: null,
    random: null,
    restarts: fromOne,
    maxIterations: fromOne,
    tolerance: nonNegative,
    initial: null,
  });
  expectRows("k-means", data);
  expectClusters("k-means", clusters, data);
  const means = columnMeans(data);
  const rows = lessMeans(data, means);
  const norms = squaredNorms(rows);
  const products = rowProducts(rows, matrix(8 * Math.ceil(clusters / 8), rows.cols));
  const packed: PackedRows = { rows, norms, products };
  let total = 0;
  for (const norm of norms) total += norm;
  // The mean of the columns' variances, as rows are centred.
  const shiftLimit = (tolerance * total) / (rows.rows * rows.cols);
  let best: KMeansResult | undefined;
  for (let start = 0; start < (initial ? 1 : restarts); start++) {
    const centres = initial
      ? lessMeans(initial, means)
      : seedCentres(packed, clusters, random.fork(`start-${start}`));
    const result = iterate(packed, centres, { maxIterations, shiftLimit });
    if (!best || result.inertia < best.inertia) best = result;
  }
  const { centres } = best!;
  for (let at = 0; at < centres.data.length; at++) centres.data[at] += means[at % centres.cols];
  return withoutEmpty(best!);
}

/** Returns the clusters that have rows, in their order, and the centres of these. */
export function withoutEmpty(found: KMeansResult): KMeansResult {
  const { labels, clusters } = numberedAnew(found);
  if (clusters === found.clusters) return found;
  const kept = [...new Set(found.labels)].sort((a, b) => a - b);
  return { ...found, labels, clusters, centres: takeRows(found.centres, kept) };
}

function lessMeans({ data, rows, cols }: Matrix, means: Float64Array): Matrix {
  const result = matrix(rows, cols);
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < cols; j++, at++) result.data[at] = data[at] - means[j];
  return result;
}

/** Labels of rows with bounds: at most `upper` from the own centre, at least `lower` from any other. */
interface Assignment {
  readonly labels: Int32Array;
  readonly upper: Float64Array;
  readonly lower: Float64Array;
}

function iterate(
  packed: PackedRows,
  centres: Matrix,
  { maxIterations, shiftLimit }: { maxIterations: number; shiftLimit: number },
): KMeansResult {
  const { rows } = packed;
  const { rows: clusters, cols } = centres;
  const assignment: Assignment = {
    labels: new Int32Array(rows.rows).fill(-1),
    upper: new Float64Array(rows.rows).fill(Number.POSITIVE_INFINITY),
    lower: new Float64Array(rows.rows),
  };
  const { labels } = assignment;
  const before = labels.slice();
  const sums = new Float64Array(clusters * cols);
  const counts = new Int32Array(clusters);
  let iterations = 0;
  let settled = false;
  while (!settled && iterations < maxIterations) {
    iterations++;
    assign(packed, centres, assignment);
    const changed = moveSums(rows, { labels, before, sums, counts });
    if (changed === 0) break;
    fillEmptyClusters(rows, centres, { assignment, before, sums, counts });
    const shifts = moveCentres(centres, sums, counts);
    let largest = 0;
    let squares = 0;
    for (const shift of shifts) {
      largest = Math.max(largest, shift);
      squares += shift * shift;
    }
    settled = squares <= shiftLimit;
    for (let i = 0; i < labels.length; i++) {
      assignment.upper[i] += shifts[labels[i]];
      assignment.lower[i] -= largest;
    }
  }
  if (settled || iterations === maxIterations) assign(packed, centres, assignment);
  let inertia = 0;
  for (let i = 0; i < labels.length; i++) inertia += squaredDistance(rows, i, centres, labels[i]);
  return { labels, clusters, centres, inertia, iterations };
}

const quadsAtOnce = 64;

/** Gives each row whose bounds do not settle it the label of its nearest centre. */
function assign({ rows, norms, products }: PackedRows, centres: Matrix, assignment: Assignment): void {
  const n = rows.rows;
  const { upper, lower } = assignment;
  const halfLengths = squaredNorms(centres).map((norm) => norm / 2);
  products.setRight(centres);
  const gaps = halfGaps(centres);
  const open = (i: number): boolean =>
    i < n && upper[i] >= Math.max(lower[i], gaps[assignment.labels[i]] ?? 0);
  const quads = Math.ceil(n / 4);
  const isOpen = (q: number): boolean => open(4 * q) || open(4 * q + 1) || open(4 * q + 2) || open(4 * q + 3);
  for (let q = 0; q < quads; ) {
    if (!isOpen(q)) {
      q++;
      continue;
    }
    let end = q + 1;
    while (end < quads && end - q < quadsAtOnce && isOpen(end)) end++;
    nearestCentres(4 * q, Math.min(n, 4 * end));
    q = end;
  }

  function nearestCentres(from: number, to: number): void {
    const { data, at, stride } = products.tile(from, to, 0, centres.rows);
    for (let i = from, line = at; i < to; i++, line += stride) {
      let first = Number.POSITIVE_INFINITY;
      let second = Number.POSITIVE_INFINITY;
      let label = 0;
      for (let k = 0; k < halfLengths.length; k++) {
        const score = halfLengths[k] - data[line + k];
        if (score < first) {
          second = first;
          first = score;
          label = k;
        } else if (score < second) second = score;
      }
      assignment.labels[i] = label;
      upper[i] = Math.sqrt(Math.max(0, norms[i] + 2 * first));
      lower[i] = Math.sqrt(Math.max(0, norms[i] + 2 * second));
    }
  }
}

/** Returns half the distance of each centre to its nearest other: rows nearer than that need no look. */
function halfGaps(centres: Matrix): Float64Array {
  const gaps = new Float64Array(centres.rows).fill(Number.POSITIVE_INFINITY);
  for (let k = 0; k < centres.rows; k++) {
    for (let l = 0; l < k; l++) {
      const half = Math.sqrt(squaredDistance(centres, k, centres, l)) / 2;
      gaps[k] = Math.min(gaps[k], half);
      gaps[l] = Math.min(gaps[l], half);
    }
  }
  return gaps;
}

interface Sums {
  readonly labels: Int32Array;
  readonly before: Int32Array;
  readonly sums: Float64Array;
  readonly counts: Int32Array;
}

/** Moves the rows whose label changed from sum to sum and returns how many did. */
function moveSums(rows: Matrix, { labels, before, sums, counts }: Sums): number {
  let changed = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === before[i]) continue;
    changed++;
    if (before[i] >= 0) addRow(rows, i, { sums, counts, cluster: before[i], sign: -1 });
    addRow(rows, i, { sums, counts, cluster: labels[i], sign: 1 });
    before[i] = labels[i];
  }
  return changed;
}

function addRow(
  { data, cols }: Matrix,
  i: number,
  { sums, counts, cluster, sign }: { sums: Float64Array; counts: Int32Array; cluster: number; sign: number },
): void {
  counts[cluster] += sign;
  for (let j = 0, at = i * cols, to = cluster * cols; j < cols; j++, at++, to++) sums[to] += sign * data[at];
}

/** Gives each empty cluster the row that is farthest from its own centre. */
function fillEmptyClusters(
  rows: Matrix,
  centres: Matrix,
  state: { assignment: Assignment; before: Int32Array; sums: Float64Array; counts: Int32Array },
): void {
  const { assignment, before, sums, counts } = state;
  for (let k = 0; k < counts.length; k++) {
    if (counts[k] > 0) continue;
    let farthest = -1;
    let most = -1;
    for (let i = 0; i < rows.rows; i++) {
      if (counts[assignment.labels[i]] < 2) continue;
      const distance = squaredDistance(rows, i, centres, assignment.labels[i]);
      if (distance > most) [most, farthest] = [distance, i];
    }
    if (farthest < 0) continue;
    assignment.labels[farthest] = k;
    assignment.upper[farthest] = Number.POSITIVE_INFINITY;
    assignment.lower[farthest] = 0;
    moveSums(rows, { labels: assignment.labels, before, sums, counts });
  }
}

/** Puts each centre to the mean of its rows and returns how far each went. */
function moveCentres(centres: Matrix, sums: Float64Array, counts: Int32Array): Float64Array {
  const { cols } = centres;
  return Float64Array.from(counts, (count, k) => {
    if (count === 0) return 0;
    let square = 0;
    for (let j = 0, at = k * cols; j < cols; j++, at++) {
      const value = Math.fround(sums[at] / count);
      square += (value - centres.data[at]) ** 2;
      centres.data[at] = value;
    }
    return Math.sqrt(square);
  });
}

/** K-means as one of the list. */
export const kMeansClusterer: Clusterer = {
  kind: "k-means",
  takesCount: true,
  cluster: kMeans,
};
