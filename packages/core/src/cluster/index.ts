/** The table of contents of @undertone/core/cluster: groups, maps and outliers without labels. */
export { cutTree, type Linkage, linkage, linkages, type Merge } from "./agglomerative.js";
export { distinctRows } from "./check-rows.js";
export { type ClusterChoice, type ClusterCount, chooseClusters } from "./choose-clusters.js";
export type { Clusterer, Clustering, OutlierDetector, Projection } from "./clusterer.js";
export type { Contamination } from "./contamination.js";
export { type DbscanOptions, type DbscanResult, dbscan, suggestRadius } from "./dbscan.js";
export {
  type GaussianMixtureOptions,
  type GaussianMixtureResult,
  gaussianMixture,
} from "./gaussian-mixture.js";
export { type HdbscanOptions, type HdbscanResult, hdbscan } from "./hdbscan.js";
export { type IsolationForestOptions, isolationForest } from "./isolation-forest.js";
export { type KMeansOptions, type KMeansResult, kMeans } from "./k-means.js";
export { type LocalOutlierOptions, localOutlierFactor } from "./local-outlier-factor.js";
export { clusterers, outlierDetectors, projections } from "./methods.js";
export { type MiniBatchKMeansOptions, miniBatchKMeans } from "./mini-batch-k-means.js";
export { type NearestNeighbours, nearestNeighbours } from "./neighbours.js";
export { type Pca, type PcaOptions, pca } from "./pca.js";
export { type TsneOptions, type TsneResult, tsne } from "./t-sne.js";
export { trustworthiness } from "./trustworthiness.js";
export { type UmapOptions, umap } from "./umap.js";
export {
  adjustedRandIndex,
  type Contingency,
  contingency,
  daviesBouldin,
  normalizedMutualInformation,
  silhouette,
  silhouettes,
} from "./validity.js";
