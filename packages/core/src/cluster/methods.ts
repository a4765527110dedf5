/** What groups, draws and judges rows without labels: a new method is one file and one line in its list. */
import { agglomerativeClusterers } from "./agglomerative.js";
import { expectOptions } from "./check-options.js";
import { expectRows } from "./check-rows.js";
import { type Clusterer, numberedAnew, type OutlierDetector, type Projection } from "./clusterer.js";
import { contaminationCheck } from "./contamination.js";
import { dbscanClusterer } from "./dbscan.js";
import { gaussianMixtureClusterer } from "./gaussian-mixture.js";
import { hdbscanClusterer } from "./hdbscan.js";
import { isolationForestDetector } from "./isolation-forest.js";
import { kMeansClusterer } from "./k-means.js";
import { localOutlierDetector } from "./local-outlier-factor.js";
import { miniBatchKMeansClusterer } from "./mini-batch-k-means.js";
import { pcaProjection } from "./pca.js";
import { tsneProjection } from "./t-sne.js";
import { umapProjection } from "./umap.js";

/** Every method that groups rows. */
export const clusterers: readonly Clusterer[] = [
  kMeansClusterer,
  miniBatchKMeansClusterer,
  ...agglomerativeClusterers,
  gaussianMixtureClusterer,
  dbscanClusterer,
  hdbscanClusterer,
].map((one) => ({
  ...one,
  cluster(data, options) {
    expectOptions(one.kind, options, { clusters: null, random: null });
    return numberedAnew(one.cluster(data, options));
  },
}));

/** Below so many rows there are no neighbourhoods to weigh: maps are the principal components. */
const fewRows = 4;

/** Every method that draws rows in the plane. */
export const projections: readonly Projection[] = [pcaProjection, tsneProjection, umapProjection].map(
  (one) => ({
    ...one,
    project(data, options) {
      expectOptions(one.kind, options, { random: null, onProgress: null });
      expectRows(one.kind, data);
      return data.rows < fewRows ? pcaProjection.project(data, options) : one.project(data, options);
    },
  }),
);

/** Every method that tells unusual rows. */
export const outlierDetectors: readonly OutlierDetector[] = [
  isolationForestDetector,
  localOutlierDetector,
].map((one) => ({
  ...one,
  score(data, options) {
    expectOptions(one.kind, options, { random: null, contamination: contaminationCheck });
    return one.score(data, options);
  },
}));
