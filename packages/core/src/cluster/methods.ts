/** What groups, draws and judges rows without labels: a new method is one file and one line in its list. */
import { agglomerativeClusterers } from "./agglomerative.js";
import type { Clusterer, OutlierDetector, Projection } from "./clusterer.js";
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
];

/** Every method that draws rows in the plane. */
export const projections: readonly Projection[] = [pcaProjection, tsneProjection, umapProjection];

/** Every method that tells unusual rows. */
export const outlierDetectors: readonly OutlierDetector[] = [isolationForestDetector, localOutlierDetector];
