/** Agreement with scikit-learn and scipy without labels on iris, wine and digits (test/golden/scripts/sklearn_cluster.py). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  clusterGolden,
  meanAndError,
  sameGrouping,
  umapGolden,
} from "../../../../test/golden/cluster-golden.js";
import { type Matrix, matrix, matrixFromRows, row, takeRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import { standardDeviation } from "../math/statistics.js";
import { type Graph, jointProbabilities } from "./affinities.js";
import { cutTree, linkage, linkages } from "./agglomerative.js";
import { dbscan } from "./dbscan.js";
import { gaussianMixture } from "./gaussian-mixture.js";
import { hdbscan } from "./hdbscan.js";
import { isolationForest } from "./isolation-forest.js";
import { kMeans } from "./k-means.js";
import { localOutlierFactor } from "./local-outlier-factor.js";
import { miniBatchKMeans } from "./mini-batch-k-means.js";
import { nearestNeighbours } from "./neighbours.js";
import { pca, pcaProjection } from "./pca.js";
import { tsne } from "./t-sne.js";
import { trustworthiness } from "./trustworthiness.js";
import { fitCurve, umap } from "./umap.js";
import {
  adjustedRandIndex,
  contingency,
  daviesBouldin,
  normalizedMutualInformation,
  silhouette,
} from "./validity.js";

function load(name: string): { data: Matrix; labels: number[] } {
  const { x, y } = JSON.parse(
    readFileSync(new URL(`../../../../test/golden/sklearn-models-${name}.json`, import.meta.url), "utf8"),
  ) as { x: number[][]; y: number[] };
  const data = matrixFromRows(x);
  if (name === "wine") {
    for (let j = 0; j < data.cols; j++) {
      const deviation = standardDeviation(x.map((values) => Math.fround(values[j])));
      for (let i = 0; i < data.rows; i++) data.data[i * data.cols + j] /= deviation;
    }
  }
  return { data, labels: y };
}

describe.each(["iris", "wine", "digits"])("scikit-learn without labels on %s", (name) => {
  const golden = clusterGolden(name);
  const { data, labels } = load(name);
  const { k } = golden;
  const close = { rtol: 1e-4, atol: 1e-4 };

  it("PCA: variances, directions with their signs, coordinates, whitened ones", () => {
    const own = pca(data);
    expect(own.variance.slice(0, golden.pca.variance.length)).toBeAllClose(golden.pca.variance, close);
    expect(own.varianceRatio.slice(0, golden.pca.ratio.length)).toBeAllClose(golden.pca.ratio, close);
    expect(own.components.data.slice(0, 3 * data.cols)).toBeAllClose(golden.pca.components.flat(), close);
    const shown = takeRows(
      data,
      Array.from({ length: 20 }, (_, i) => i),
    );
    const coordinates = pca(data, { components: 3 }).transform(shown);
    expect(coordinates.data).toBeAllClose(golden.pca.coordinates.flat(), close);
    const white = pca(data, { components: 3, whiten: true }).transform(shown);
    expect(white.data).toBeAllClose(golden.pca.white.flat(), close);
  });

  it("k-means from the same rows ends in the same place", () => {
    const initial = takeRows(
      data,
      Array.from({ length: k }, (_, i) => i),
    );
    const own = kMeans(data, { clusters: k, random: random(1), initial, tolerance: 0, maxIterations: 1000 });
    expect(own.inertia).toBeAllClose(golden.kMeans.fromRows.inertia, { rtol: 1e-4 });
    expect(sameGrouping(own.labels, golden.kMeans.fromRows.labels)).toBe(data.rows);
  });

  it("k-means over ten seeds: ten starts, one start, mini-batches", () => {
    const over = (run: (seed: number) => number): number[] =>
      golden.kMeans.inertias.map((_, seed) => run(seed));
    const cases = [
      [golden.kMeans.inertias, over((seed) => kMeans(data, { clusters: k, random: random(seed) }).inertia)],
      [
        golden.kMeans.singleInertias,
        over((seed) => kMeans(data, { clusters: k, random: random(seed), restarts: 1 }).inertia),
      ],
      [
        golden.kMeans.miniBatchInertias,
        over((seed) => miniBatchKMeans(data, { clusters: k, random: random(seed) }).inertia),
      ],
    ] as const;
    for (const [theirs, ours] of cases) {
      const [a, b] = [meanAndError(theirs), meanAndError(ours)];
      // Less inertia is better; where all seeds agree, float32 rows differ in the fifth digit.
      expect(b.mean).toBeLessThanOrEqual(a.mean * (1 + 1e-4) + 2 * Math.hypot(a.error, b.error));
    }
  });

  it("DBSCAN: labels and core rows", () => {
    const own = dbscan(data, { radius: golden.dbscan.radius });
    expect([...own.labels]).toEqual(golden.dbscan.labels);
    expect(own.core.reduce((a, b) => a + b, 0)).toBe(golden.dbscan.core);
  });

  it("HDBSCAN: groups, noise and probabilities", () => {
    const own = hdbscan(data);
    // Mutual reachability makes many distances equal, and which of them is first decides about single rows: its sort is not stable, ours is.
    expect(sameGrouping(own.labels, golden.hdbscan.labels)).toBeGreaterThanOrEqual(0.99 * data.rows);
    const same = own.probabilities.filter((p, i) => Math.abs(p - golden.hdbscan.probabilities[i]) < 1e-4);
    expect(same.length).toBeGreaterThanOrEqual(0.97 * data.rows);
  });

  it.each(linkages)("agglomerative, %s: heights and groups", (method) => {
    const merges = linkage(data, method);
    expect(merges.map(({ height }) => height)).toBeAllClose(golden.linkage[method].heights, close);
    const cut = cutTree(merges, Math.max(...golden.linkage[method].labels));
    expect(sameGrouping(cut.labels, golden.linkage[method].labels)).toBe(data.rows);
  });

  it("local outlier factor", () => {
    const own = localOutlierFactor(data);
    // Pixels are whole numbers: which of the rows that are equally far is the twentieth is nobody's to say.
    expect(own).toBeAllClose(golden.lof, name === "digits" ? { rtol: 0.01 } : close);
  });

  it.each(name === "digits" ? [] : ["scores"])(
    "isolation forest: the mean of thirty rows' %s over ten seeds, row by row",
    () => {
      const ours = golden.isolationForest.map((_, seed) =>
        isolationForest(data, { random: random(seed) }).slice(0, 30),
      );
      const outside = golden.isolationForest[0].filter((_, i) => {
        const a = meanAndError(golden.isolationForest.map((scores) => scores[i]));
        const b = meanAndError(ours.map((scores) => scores[i]));
        return Math.abs(a.mean - b.mean) > 2 * Math.hypot(a.error, b.error);
      });
      // Two standard errors leave one row of twenty outside.
      expect(outside.length).toBeLessThanOrEqual(4);
    },
  );

  it("silhouette, Davies-Bouldin, adjusted Rand, mutual information", () => {
    const own = golden.kMeans.fromRows.labels;
    const { validity } = golden;
    expect(silhouette(data, own)).toBeAllClose(validity.silhouette, { atol: 1e-5 });
    expect(daviesBouldin(data, own)).toBeAllClose(validity.daviesBouldin, { atol: 1e-5 });
    const table = contingency(labels, own);
    expect(adjustedRandIndex(table)).toBeAllClose(validity.ari, { atol: 1e-9 });
    expect(normalizedMutualInformation(table)).toBeAllClose(validity.nmi, { atol: 1e-9 });
  });

  it.each(golden.mixtures ?? [])(
    "Gaussian mixture, $covariance covariances: from the same means, and over ten seeds",
    (mixture) => {
      const covariance = mixture.covariance === "full" ? "full" : "diagonal";
      const step = Math.floor(data.rows / k);
      const initialMeans = takeRows(
        data,
        Array.from({ length: k }, (_, i) => i * step),
      );
      const own = gaussianMixture(data, {
        clusters: k,
        random: random(1),
        covariance,
        initialMeans,
        tolerance: 1e-9,
        maxIterations: 3000,
      });
      expect(own.logLikelihood).toBeAllClose(mixture.score, { rtol: 1e-4 });
      expect(own.weights).toBeAllClose(mixture.weights, { rtol: 1e-3, atol: 1e-3 });
      for (let c = 0; c < k; c++)
        expect(row(own.means, c)).toBeAllClose(mixture.means[c], { rtol: 1e-3, atol: 1e-3 });
      expect([own.bic, own.aic]).toBeAllClose([mixture.bic, mixture.aic], { rtol: 1e-4 });
      const ours = mixture.seeds.map(
        (_, seed) => gaussianMixture(data, { clusters: k, random: random(seed), covariance }).logLikelihood,
      );
      const [a, b] = [meanAndError(mixture.seeds), meanAndError(ours)];
      expect(b.mean).toBeGreaterThanOrEqual(a.mean - 1e-3 - 2 * Math.hypot(a.error, b.error));
    },
  );
});

describe("maps of digits", () => {
  const { data } = load("digits");
  const { perplexity, runs, pcaTrustworthiness } = clusterGolden("digits").tsne!;

  it("t-SNE: no greater divergence and no less trustworthy than scikit-learn's", () => {
    const { points, divergence } = tsne(data, { perplexity, random: random(1) });
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
    const own = exactDivergence(jointProbabilities(data, perplexity), points);
    expect(divergence).toBeAllClose(own, { rtol: 0.02 });
    expect(own).toBeLessThanOrEqual(1.02 * mean(runs.map(({ kl }) => kl)));
    expect(trustworthiness(data, points)).toBeGreaterThanOrEqual(
      mean(runs.map((run) => run.trustworthiness)) - 0.0005,
    );
  });

  it("UMAP keeps neighbours no worse than umap-learn within two standard errors, and far better than principal components", () => {
    const golden = umapGolden();
    const { neighbours: kept } = golden;
    const before = nearestNeighbours(data, kept - 1).indices;
    const preserved = (points: Matrix): number => {
      const after = nearestNeighbours(points, kept - 1).indices;
      let same = data.rows; // each row is its own nearest, here and there
      for (let i = 0; i < data.rows; i++) {
        const [from, to] = [i * (kept - 1), (i + 1) * (kept - 1)];
        const there = new Set(before.subarray(from, to));
        for (const j of after.subarray(from, to)) if (there.has(j)) same++;
      }
      return same / (data.rows * kept);
    };
    const maps = [1, 2, 3].map((seed) => umap(data, { random: random(seed) }));
    const compare = (ours: readonly number[], theirs: readonly number[]): void => {
      const [a, b] = [meanAndError(ours), meanAndError(theirs)];
      expect(a.mean).toBeGreaterThanOrEqual(b.mean - 2 * Math.hypot(a.error, b.error));
    };
    compare(
      maps.map((points) => trustworthiness(data, points)),
      golden.trustworthiness,
    );
    compare(maps.map(preserved), golden.preserved);
    expect(trustworthiness(data, pcaProjection.project(data, { random: random(1) }))).toBeAllClose(
      pcaTrustworthiness,
      { atol: 1e-4 },
    );
    expect(pcaTrustworthiness).toBeLessThan(0.9);
  });

  it("UMAP's curve for the usual distance is the published one", () => {
    const { a, b } = fitCurve(0.1);
    expect([a, b]).toBeAllClose([1.577, 0.8951], { atol: 2e-3 });
  });
});

/** KL(P || Q) with Q over all pairs. */
function exactDivergence({ offsets, columns, weights }: Graph, { data }: Matrix): number {
  const n = offsets.length - 1;
  const q = (i: number, j: number): number =>
    1 / (1 + (data[2 * i] - data[2 * j]) ** 2 + (data[2 * i + 1] - data[2 * j + 1]) ** 2);
  let total = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) total += q(i, j);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let e = offsets[i]; e < offsets[i + 1]; e++)
      if (weights[e] > 0) sum += weights[e] * Math.log((weights[e] * total) / q(i, columns[e]));
  }
  return sum;
}

it("PCA of more columns than rows, and by subspace iteration, agrees with the direct way", () => {
  const stream = random("wide");
  const wide = matrix(40, 90);
  for (let i = 0; i < wide.data.length; i++) wide.data[i] = stream.normal() * (1 + (i % 90) / 10);
  const own = pca(wide, { components: 5 });
  const padded = matrix(100, 90);
  padded.data.set(wide.data);
  // The same rows and their reflections at the mean, so that the column way sees the same directions.
  for (let i = 0; i < 60; i++) for (let j = 0; j < 90; j++) padded.data[(40 + i) * 90 + j] = own.mean[j];
  const direct = pca(padded, { components: 5 });
  expect(own.components.data).toBeAllClose(direct.components.data, { atol: 1e-4 });
});
