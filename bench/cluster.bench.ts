/**
 * How long grouping and drawing take, beside scikit-learn on the same data; Ward on the first 3000 rows.
 * `npx tsx bench/cluster.bench.ts [--large] [--limit 600] [--python PYTHON] [--runs 3] [--size 1440x300] [--only k-means,pca]`; without
 * scikit-learn (test/golden/scripts/requirements.txt) it prints ours alone. Results: inertia, clusters, merges, variance, divergence.
 */
import { fileURLToPath } from "node:url";
import { cutTree, linkage } from "../packages/core/src/cluster/agglomerative.js";
import { dbscan, suggestRadius } from "../packages/core/src/cluster/dbscan.js";
import { kMeans } from "../packages/core/src/cluster/k-means.js";
import { pca } from "../packages/core/src/cluster/pca.js";
import { tsne } from "../packages/core/src/cluster/t-sne.js";
import { type Matrix, matrix } from "../packages/core/src/math/matrix.js";
import { random } from "../packages/core/src/math/random.js";
import { besidePeer } from "./beside-peer.js";

/** Overlapping groups in features that depend on 40 factors, standardized. */
function makeData(rows: number, cols: number): Matrix {
  const stream = random(`${rows}x${cols}`);
  const factors = 40;
  const loadings = Float64Array.from(
    { length: factors * cols },
    (_, at) => stream.normal() * Math.exp(-Math.floor(at / cols) / 12),
  );
  const means = Float64Array.from({ length: 12 * factors }, () => 1.5 * stream.normal());
  const data = matrix(rows, cols);
  for (let i = 0; i < rows; i++) {
    const group = stream.integer(12);
    const line = data.data.subarray(i * cols, (i + 1) * cols);
    for (let j = 0; j < cols; j++) line[j] = 0.5 * stream.normal();
    for (let q = 0; q < factors; q++) {
      const factor = means[group * factors + q] + stream.normal();
      for (let j = 0; j < cols; j++) line[j] += factor * loadings[q * cols + j];
    }
  }
  for (let j = 0; j < cols; j++) {
    let square = 0;
    for (let i = 0; i < rows; i++) square += data.data[i * cols + j] ** 2 / rows;
    for (let i = 0; i < rows; i++) data.data[i * cols + j] /= Math.sqrt(square);
  }
  return data;
}

const methods: Record<string, (data: Matrix, radius: number) => number> = {
  "k-means": (data) => kMeans(data, { clusters: 8, random: random(1) }).inertia,
  dbscan: (data, radius) => dbscan(data, { radius }).clusters,
  ward: (data) => {
    const count = Math.min(3000, data.rows);
    const first = matrix(count, data.cols, data.data.slice(0, count * data.cols));
    const merges = linkage(first, "ward");
    cutTree(merges, 8);
    return Math.max(...merges.map(({ second }) => second));
  },
  pca: (data) =>
    pca(data)
      .varianceRatio.slice(0, 50)
      .reduce((sum, part) => sum + part, 0),
  "pca-50": (data) => pca(data, { components: 50 }).varianceRatio.reduce((sum, part) => sum + part, 0),
  "t-sne": (data) => tsne(data, { random: random(1) }).divergence,
};

await besidePeer({
  file: fileURLToPath(import.meta.url),
  script: "cluster.py",
  methods: Object.keys(methods),
  sizes: ["1440x300"],
  largeSizes: ["20000x200"],
  makeData(rows, cols) {
    const data = makeData(rows, cols);
    return { ...data, extra: [suggestRadius(data)] };
  },
  fit: (method, { data, rows, cols }, [radius]) => methods[method](matrix(rows, cols, data), radius!),
});
