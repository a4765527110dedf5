/** Mini-batch k-means: centres follow small random samples, for many rows. */
import { type Matrix, matrix, row, takeRows } from "../math/matrix.js";
import type { Random } from "../math/random.js";
import { rowProducts } from "../math/row-products.js";
import { expectOptions, fromOne } from "./check-options.js";
import { expectClusters, expectRows } from "./check-rows.js";
import type { Clusterer } from "./clusterer.js";
import { squaredDistance, squaredNorms } from "./distances.js";
import { type KMeansResult, withoutEmpty } from "./k-means.js";
import { seedCentres } from "./k-means-seeding.js";

/** Settings of mini-batch k-means. */
export interface MiniBatchKMeansOptions {
  readonly clusters: number;
  readonly random: Random;
  /** Rows of a batch; default 1024, at most all. */
  readonly batch?: number;
  /** Passes over as many rows as there are; default 100. */
  readonly maxEpochs?: number;
  /** Batches without a lower smoothed inertia that end the search; default 10. */
  readonly patience?: number;
  /** Seedings, of which the best on a sample is followed; default 3. */
  readonly restarts?: number;
}

/**
 * Returns centres that each moved towards the mean of all rows it was ever given (Sculley 2010), stopped by the smoothed inertia of the
 * batches; labels and inertia are of all rows. A cluster that no row is nearest to is left out.
 * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`, `learn/bad-parameter`.
 */
export function miniBatchKMeans(data: Matrix, options: MiniBatchKMeansOptions): KMeansResult {
  const { clusters, random, maxEpochs = 100, patience = 10, restarts = 3 } = options;
  expectOptions("mini-batch-k-means", options, {
    clusters: null,
    random: null,
    batch: fromOne,
    maxEpochs: fromOne,
    patience: fromOne,
    restarts: fromOne,
  });
  expectRows("mini-batch-k-means", data);
  expectClusters("mini-batch-k-means", clusters, data);
  const size = Math.min(options.batch ?? 1024, data.rows);
  const centres = bestSeeding(data, { clusters, random, restarts, sample: Math.max(3 * size, 3 * clusters) });
  const counts = new Float64Array(clusters);
  const smoothing = Math.min(1, (2 * size) / (data.rows + 1));
  const steps = Math.ceil((maxEpochs * data.rows) / size);
  let smoothed = Number.NaN;
  let least = Number.POSITIVE_INFINITY;
  let waited = 0;
  let step = 0;
  while (step < steps) {
    step++;
    const batch = takeRows(
      data,
      Int32Array.from({ length: size }, () => random.integer(data.rows)),
    );
    const { labels, inertia } = assign(batch, centres);
    followBatch(centres, batch, { labels, counts });
    if (step % 10 === 0) reseedRare(centres, batch, { counts, random });
    // The first batch judges the seeding, not the search.
    if (step === 1) continue;
    const own = inertia / size;
    smoothed = Number.isNaN(smoothed) ? own : smoothed * (1 - smoothing) + own * smoothing;
    if (smoothed < least) [least, waited] = [smoothed, 0];
    else if (++waited >= patience) break;
  }
  return withoutEmpty({ ...assign(data, centres), clusters, centres, iterations: step });
}

function bestSeeding(
  data: Matrix,
  {
    clusters,
    random,
    restarts,
    sample,
  }: { clusters: number; random: Random; restarts: number; sample: number },
): Matrix {
  const size = Math.min(sample, data.rows);
  const draw = (): Matrix =>
    takeRows(data, random.shuffle(Int32Array.from({ length: data.rows }, (_, i) => i)).subarray(0, size));
  const judge = draw();
  let best: { centres: Matrix; inertia: number } | undefined;
  for (let start = 0; start < restarts; start++) {
    const rows = draw();
    const products = rowProducts(rows, matrix(8, rows.cols));
    const centres = seedCentres({ rows, norms: squaredNorms(rows), products }, clusters, random);
    const { inertia } = assign(judge, centres);
    if (!best || inertia < best.inertia) best = { centres, inertia };
  }
  return best!.centres;
}

/** Returns the nearest centre of each row and the sum of the squared distances. */
function assign(rows: Matrix, centres: Matrix): { labels: Int32Array; inertia: number } {
  const products = rowProducts(rows, centres);
  const halfLengths = squaredNorms(centres).map((norm) => norm / 2);
  const labels = new Int32Array(rows.rows);
  let inertia = 0;
  for (let from = 0; from < rows.rows; from += 256) {
    const to = Math.min(rows.rows, from + 256);
    const { data, at, stride } = products.tile(from, to, 0, centres.rows);
    for (let i = from; i < to; i++) {
      const line = at + (i - from) * stride;
      let least = Number.POSITIVE_INFINITY;
      for (let k = 0; k < centres.rows; k++) {
        const score = halfLengths[k] - data[line + k];
        if (score < least) [least, labels[i]] = [score, k];
      }
      inertia += squaredDistance(rows, i, centres, labels[i]);
    }
  }
  return { labels, inertia };
}

function followBatch(
  centres: Matrix,
  batch: Matrix,
  { labels, counts }: { labels: Int32Array; counts: Float64Array },
): void {
  for (let i = 0; i < batch.rows; i++) {
    const k = labels[i];
    const rate = 1 / ++counts[k];
    const centre = row(centres, k);
    const from = i * batch.cols;
    for (let j = 0; j < batch.cols; j++) centre[j] += rate * (batch.data[from + j] - centre[j]);
  }
}

/** Puts centres that few rows came to (below a hundredth of the greatest count) onto rows of the batch. */
function reseedRare(
  centres: Matrix,
  batch: Matrix,
  { counts, random }: { counts: Float64Array; random: Random },
): void {
  const most = Math.max(...counts);
  const kept = counts.filter((count) => count >= most / 100);
  if (kept.length === counts.length) return;
  const least = Math.min(...kept);
  counts.forEach((count, k) => {
    if (count >= most / 100) return;
    row(centres, k).set(row(batch, random.integer(batch.rows)));
    counts[k] = least;
  });
}

/** Mini-batch k-means as one of the list. */
export const miniBatchKMeansClusterer: Clusterer = {
  kind: "mini-batch-k-means",
  takesCount: true,
  cluster: miniBatchKMeans,
};
