/** How many clusters there are: what the silhouette and the Bayesian information criterion say of each number. */

import { UndertoneError } from "../errors.js";
import type { Matrix } from "../math/matrix.js";
import type { Random } from "../math/random.js";
import { expectOptions } from "./check-options.js";
import { distinctRows, expectRows, expectWhole } from "./check-rows.js";
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
 * Returns the measures of 2..`most` clusters, at most one for each row that differs, and rows − 1.
 * @throws UndertoneError `learn/too-few-rows` below 3 rows or where all rows are equal, `learn/not-finite`, `learn/bad-parameter`.
 */
export function chooseClusters(
  data: Matrix,
  options: { readonly most?: number; readonly random: Random },
): ClusterChoice {
  const { most = 12, random } = options;
  const kind = "choice of clusters";
  expectOptions(kind, options, { most: null, random: null });
  expectWhole(kind, "most", most, { low: 2, high: Number.MAX_SAFE_INTEGER });
  expectRows(kind, data, 3);
  const distinct = distinctRows(data, most);
  if (distinct < 2) {
    throw new UndertoneError(
      "learn/too-few-rows",
      `'${kind}' got ${data.rows} rows that are all equal, expected at least 2 that differ`,
    );
  }
  const counts: ClusterCount[] = [];
  for (let clusters = 2; clusters <= Math.min(most, distinct, data.rows - 1); clusters++) {
    const own = random.fork(clusters);
    const { labels, inertia } = kMeans(data, { clusters, random: own, restarts: 5 });
    const mixture = gaussianMixture(data, { clusters, random: own, covariance: "diagonal" });
    counts.push({
      clusters,
      inertia,
      silhouette: silhouette(data, labels),
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
