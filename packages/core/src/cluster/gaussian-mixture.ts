/** Gaussian mixture by expectation-maximization. */
import { block, choleskyInPlace, solveLower } from "../math/linear-algebra.js";
import { type Matrix, matrix } from "../math/matrix.js";
import type { Random } from "../math/random.js";
import { expectOptions, fromOne, nonNegative, positive } from "./check-options.js";
import { expectClusters, expectRows } from "./check-rows.js";
import type { Clusterer, Clustering } from "./clusterer.js";
import { kMeans } from "./k-means.js";

/** Settings of a Gaussian mixture; the defaults are scikit-learn's. */
export interface GaussianMixtureOptions {
  readonly clusters: number;
  readonly random: Random;
  /** `full` covariances, or `diagonal` ones; default full. */
  readonly covariance?: "full" | "diagonal";
  /** Added to each variance; default 1e-6. */
  readonly regularization?: number;
  /** Ends when the mean log-likelihood gains less; default 1e-3. */
  readonly tolerance?: number;
  /** Default 100. */
  readonly maxIterations?: number;
  /** Means to start from, with unit covariances and equal weights, in place of k-means. */
  readonly initialMeans?: Matrix;
}

/** What the mixture came to. */
export interface GaussianMixtureResult extends Clustering {
  /** rows × clusters: the probability that a row is of a cluster. */
  readonly responsibilities: Matrix;
  readonly weights: Float64Array;
  /** clusters × columns. */
  readonly means: Matrix;
  /** Mean log-likelihood of a row, nats. */
  readonly logLikelihood: number;
  /** Bayesian and Akaike information criteria; the lower the better. */
  readonly bic: number;
  readonly aic: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Parameters of one component: `factor` is the Cholesky factor of the covariance (full) or the deviations (diagonal). */
interface Component {
  weight: number;
  readonly mean: Float64Array;
  readonly factor: Float64Array;
  logDeterminant: number;
}

/**
 * Returns the mixture that EM finds from a k-means start (Dempster, Laird and Rubin 1977), as scikit-learn's GaussianMixture.
 * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`, `learn/bad-parameter`.
 */
export function gaussianMixture(data: Matrix, options: GaussianMixtureOptions): GaussianMixtureResult {
  const { clusters, random, covariance = "full", regularization = 1e-6, initialMeans } = options;
  const { tolerance = 1e-3, maxIterations = 100 } = options;
  expectOptions("gaussian-mixture", options, {
    clusters: null,
    random: null,
    covariance: {
      expected: "full or diagonal",
      accepts: (value) => value === "full" || value === "diagonal",
    },
    regularization: positive,
    tolerance: nonNegative,
    maxIterations: fromOne,
    initialMeans: null,
  });
  expectRows("gaussian-mixture", data);
  expectClusters("gaussian-mixture", clusters, data);
  const { rows, cols } = data;
  const full = covariance === "full";
  const components: Component[] = Array.from({ length: clusters }, (_, k) => ({
    weight: 1 / clusters,
    mean: Float64Array.from({ length: cols }, (__, j) => initialMeans?.data[k * cols + j] ?? 0),
    factor: full
      ? Float64Array.from({ length: cols * cols }, (__, at) => Number(at % (cols + 1) === 0))
      : new Float64Array(cols).fill(1),
    logDeterminant: 0,
  }));
  const logs = new Float64Array(rows * clusters);
  if (!initialMeans) {
    const { labels } = kMeans(data, { clusters, random, restarts: 1 });
    for (let i = 0; i < rows; i++) logs[i * clusters + labels[i]] = 1;
    maximize(data, logs, { components, full, regularization });
  }
  let logLikelihood = Number.NEGATIVE_INFINITY;
  let iterations = 0;
  let converged = false;
  while (!converged && iterations < maxIterations) {
    iterations++;
    const next = expect(data, logs, { components, full });
    converged = Math.abs(next - logLikelihood) < tolerance;
    logLikelihood = next;
    maximize(data, logs, { components, full, regularization });
  }
  logLikelihood = expect(data, logs, { components, full });
  const responsibilities = matrix(rows, clusters, Float32Array.from(logs));
  const labels = Int32Array.from({ length: rows }, (_, i) => {
    const own = logs.subarray(i * clusters, (i + 1) * clusters);
    return own.indexOf(own.reduce((a, b) => Math.max(a, b)));
  });
  const parameters = clusters * (cols + (full ? (cols * (cols + 1)) / 2 : cols)) + clusters - 1;
  const means = matrix(clusters, cols);
  components.forEach(({ mean }, k) => {
    means.data.set(mean, k * cols);
  });
  return {
    labels,
    clusters,
    responsibilities,
    means,
    weights: Float64Array.from(components, ({ weight }) => weight),
    logLikelihood,
    bic: parameters * Math.log(rows) - 2 * rows * logLikelihood,
    aic: 2 * parameters - 2 * rows * logLikelihood,
    iterations,
    converged,
  };
}

/** Writes each row's probabilities of the components into `out` and returns the mean log-likelihood. */
function expect(
  { data, rows, cols }: Matrix,
  out: Float64Array,
  { components, full }: { components: readonly Component[]; full: boolean },
): number {
  const k = components.length;
  const line = new Float64Array(cols);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      const { weight, mean, factor, logDeterminant } = components[c];
      for (let j = 0; j < cols; j++) line[j] = data[i * cols + j] - mean[j];
      if (full) solveLower(block(cols, cols, factor), line, 0);
      else for (let j = 0; j < cols; j++) line[j] /= factor[j];
      let square = 0;
      for (let j = 0; j < cols; j++) square += line[j] * line[j];
      const log = Math.log(weight) - (cols * Math.log(2 * Math.PI) + square) / 2 - logDeterminant;
      out[i * k + c] = log;
      most = Math.max(most, log);
    }
    let sum = 0;
    for (let c = 0; c < k; c++) sum += Math.exp(out[i * k + c] - most);
    const norm = most + Math.log(sum);
    for (let c = 0; c < k; c++) out[i * k + c] = Math.exp(out[i * k + c] - norm);
    total += norm;
  }
  return total / rows;
}

/** Sets the components to what the rows' probabilities make likeliest. */
function maximize(
  { data, rows, cols }: Matrix,
  probabilities: Float64Array,
  {
    components,
    full,
    regularization,
  }: { components: readonly Component[]; full: boolean; regularization: number },
): void {
  const k = components.length;
  const line = new Float64Array(cols);
  components.forEach((component, c) => {
    const { mean, factor } = component;
    let weight = 10 * Number.EPSILON;
    mean.fill(0);
    for (let i = 0; i < rows; i++) {
      const p = probabilities[i * k + c];
      weight += p;
      for (let j = 0; j < cols; j++) mean[j] += p * data[i * cols + j];
    }
    for (let j = 0; j < cols; j++) mean[j] /= weight;
    factor.fill(0);
    for (let i = 0; i < rows; i++) {
      const p = probabilities[i * k + c] / weight;
      if (p === 0) continue;
      for (let j = 0; j < cols; j++) line[j] = data[i * cols + j] - mean[j];
      if (full) {
        for (let j = 0; j < cols; j++)
          for (let l = 0, at = j * cols; l <= j; l++, at++) factor[at] += p * line[j] * line[l];
      } else for (let j = 0; j < cols; j++) factor[j] += p * line[j] * line[j];
    }
    component.weight = weight / rows;
    component.logDeterminant = 0;
    if (full) {
      for (let j = 0; j < cols; j++) factor[j * (cols + 1)] += regularization;
      choleskyInPlace(block(cols, cols, factor));
      for (let j = 0; j < cols; j++) component.logDeterminant += Math.log(factor[j * (cols + 1)]);
    } else {
      for (let j = 0; j < cols; j++) {
        factor[j] = Math.sqrt(factor[j] + regularization);
        component.logDeterminant += Math.log(factor[j]);
      }
    }
  });
}

/** Gaussian mixture as one of the list; with diagonal covariances where a cluster has too few rows for full ones. */
export const gaussianMixtureClusterer: Clusterer = {
  kind: "gaussian-mixture",
  takesCount: true,
  cluster: (data, { clusters, random }) =>
    gaussianMixture(data, {
      clusters,
      random,
      covariance: data.rows >= 10 * clusters * data.cols ? "full" : "diagonal",
    }),
};
