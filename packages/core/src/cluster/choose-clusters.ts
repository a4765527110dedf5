/** How many clusters there are: what the silhouette and the Bayesian information criterion say of each number. */
import type { Matrix } from "../math/matrix.js";
import type { Random } from "../math/random.js";
import { expectRows } from "./check-rows.js";
import { gaussianMixture } from "./gaussian-mixture.js";
import { kMeans } from "./k-means.js";
import { silhouette } from "./validity.js";

/** One number of clusters and what speaks for it. */
export interface ClusterCount {
  readonly clusters: number;
  /** Of k-means. */
  readonly inertia: number;
  /** Mean silhouette of k-means, −1..1, the higher the better; null where clusters fell together. */
  readonly silhouette: number | null;
  /** Of a diagonal Gaussian mixture, the lower the better. */
  readonly bic: number;
}

/** The numbers that were tried, and the best of each measure. */
export interface ClusterChoice {
  readonly counts: readonly ClusterCount[];
  readonly bySilhouette: number;
  readonly byBic: number;
}

/**
 * Returns the measures of 2..`most` clusters (at most rows − 1).
 * @throws UndertoneError `learn/too-few-rows` below 3 rows, `learn/not-finite`.
 */
export function chooseClusters(
  data: Matrix,
  { most = 12, random }: { most?: number; random: Random },
): ClusterChoice {
  expectRows("choice of clusters", data, 3);
  const counts: ClusterCount[] = [];
  for (let clusters = 2; clusters <= Math.min(most, data.rows - 1); clusters++) {
    const own = random.fork(clusters);
    const { labels, inertia } = kMeans(data, { clusters, random: own, restarts: 5 });
    const mixture = gaussianMixture(data, { clusters, random: own, covariance: "diagonal" });
    counts.push({
      clusters,
      inertia,
      silhouette: new Set(labels).size < 2 ? null : silhouette(data, labels),
      bic: mixture.bic,
    });
  }
  const best = (value: (count: ClusterCount) => number): number =>
    counts.reduce((a, b) => (value(b) < value(a) ? b : a)).clusters;
  return {
    counts,
    bySilhouette: best((count) => -(count.silhouette ?? Number.NEGATIVE_INFINITY)),
    byBic: best(({ bic }) => bic),
  };
}
