/** What every clusterer, projection and outlier detector in the lists keeps to. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cutTree, linkage, linkages } from "../../packages/core/src/cluster/agglomerative.js";
import { chooseClusters } from "../../packages/core/src/cluster/choose-clusters.js";
import type { Contamination } from "../../packages/core/src/cluster/contamination.js";
import { dbscan } from "../../packages/core/src/cluster/dbscan.js";
import { gaussianMixture } from "../../packages/core/src/cluster/gaussian-mixture.js";
import { hdbscan } from "../../packages/core/src/cluster/hdbscan.js";
import { isolationForest } from "../../packages/core/src/cluster/isolation-forest.js";
import { kMeans } from "../../packages/core/src/cluster/k-means.js";
import { localOutlierFactor } from "../../packages/core/src/cluster/local-outlier-factor.js";
import { clusterers, outlierDetectors, projections } from "../../packages/core/src/cluster/methods.js";
import { miniBatchKMeans } from "../../packages/core/src/cluster/mini-batch-k-means.js";
import { pca } from "../../packages/core/src/cluster/pca.js";
import { tsne } from "../../packages/core/src/cluster/t-sne.js";
import { trustworthiness } from "../../packages/core/src/cluster/trustworthiness.js";
import { umap } from "../../packages/core/src/cluster/umap.js";
import {
  adjustedRandIndex,
  contingency,
  daviesBouldin,
  normalizedMutualInformation,
  silhouette,
} from "../../packages/core/src/cluster/validity.js";
import { isUndertoneError } from "../../packages/core/src/errors.js";
import { type Matrix, matrix, matrixFromRows, takeRows } from "../../packages/core/src/math/matrix.js";
import { random } from "../../packages/core/src/math/random.js";
import { readTable } from "../../packages/node/src/runs/table-file.js";
import { root } from "../corpora.js";
import { clusterGolden, meanAndError, sameGrouping } from "../golden/cluster-golden.js";

const clusters = 3;

/** Three clouds far apart, the last column constant, and one row far from all at the end. */
function clouds(rowsEach = 30): { data: Matrix; truth: number[] } {
  const stream = random("clouds");
  const truth = Array.from({ length: clusters * rowsEach }, (_, i) => i % clusters);
  const rows = truth.map((k) =>
    [0, 1, 2, 3].map((j) => (j === 3 ? 7 : stream.normal() + (j === k ? 20 : 0))),
  );
  return { data: matrixFromRows([...rows, [-60, 90, -60, 7]]), truth };
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return isUndertoneError(error) ? error.code : String(error);
  }
  return undefined;
}

/** Returns how many rows differ. */
const distinct = ({ data, rows, cols }: Matrix): number =>
  new Set(Array.from({ length: rows }, (_, i) => String(data.subarray(i * cols, (i + 1) * cols)))).size;

type Run = (data: Matrix, seed?: number) => ArrayLike<number>;
const runs: [string, Run][] = [
  ...clusterers.map((one): [string, Run] => [
    one.kind,
    (data, seed = 1) =>
      one.cluster(data, { clusters: Math.min(clusters, distinct(data)), random: random(seed) }).labels,
  ]),
  ...projections.map((one): [string, Run] => [
    one.kind,
    (data, seed = 1) => one.project(data, { random: random(seed) }).data,
  ]),
  ...outlierDetectors.map((one): [string, Run] => [
    one.kind,
    (data, seed = 1) => one.score(data, { random: random(seed) }),
  ]),
];

it("names are distinct and in kebab-case", () => {
  const kinds = runs.map(([kind]) => kind);
  expect(new Set(kinds).size).toBe(kinds.length);
  for (const kind of kinds) expect(kind).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

describe.each(runs)("%s", (_, run) => {
  const { data } = clouds();

  it("gives the same for the same seed and leaves its input alone", () => {
    const before = data.data.slice();
    const first = Array.from(run(data));
    expect(Array.from(run(data))).toEqual(first);
    expect(data.data).toEqual(before);
    expect(first.every(Number.isFinite)).toBe(true);
  });

  it.each([
    ["one row", matrixFromRows([[1, 2, 3]])],
    [
      "two rows",
      matrixFromRows([
        [1, 2],
        [3, 4],
      ]),
    ],
    [
      "three rows",
      matrixFromRows([
        [1, 2],
        [3, 4],
        [5, 7],
      ]),
    ],
    ["equal rows", matrixFromRows(Array.from({ length: 12 }, () => [1, 2, 3]))],
    ["one column", matrixFromRows(Array.from({ length: 12 }, (__, i) => [i * i]))],
    [
      "more columns than rows",
      matrix(
        5,
        40,
        Float32Array.from({ length: 200 }, (__, i) => Math.sin(i * i)),
      ),
    ],
    ["huge values", matrixFromRows(Array.from({ length: 12 }, (__, i) => [1e12 * Math.sin(i), 1e12 * i]))],
  ])("answers for %s with finite numbers", (__, few) => {
    const result = Array.from(run(few));
    expect(result.length % few.rows).toBe(0);
    expect(result.every(Number.isFinite)).toBe(true);
  });

  it("refuses no rows, no columns, NaN and infinity", () => {
    expect(codeOf(() => run(matrix(0, 3)))).toBe("learn/too-few-rows");
    for (const rows of [1, 3]) expect(codeOf(() => run(matrix(rows, 0)))).toBe("learn/too-few-rows");
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const rows of [[[3, bad]], [[1, 2], [3, bad], [4, 5]]]) // biome-ignore format: rows in a row
        expect(codeOf(() => run(matrixFromRows(rows)))).toBe("learn/not-finite");
    }
  });
});

describe.each(clusterers.map((one) => [one.kind, one] as const))("clusterer %s", (_, one) => {
  it("finds clouds that are far apart, and numbers its clusters without gaps", () => {
    const { data, truth } = clouds();
    const near = takeRows(
      data,
      truth.map((__, i) => i),
    );
    const result = one.cluster(near, { clusters, random: random(1) });
    const used = new Set(Array.from(result.labels).filter((label) => label >= 0));
    expect([...used].sort()).toEqual(Array.from({ length: result.clusters }, (__, k) => k));
    if (one.takesCount) expect(sameGrouping(result.labels, truth)).toBe(truth.length);
    // Those that know noise may leave rows at the rims out, but mix no clouds.
    const members = truth.filter((__, i) => result.labels[i] >= 0);
    const labels = Array.from(result.labels).filter((label) => label >= 0);
    expect(members.length).toBeGreaterThan(0.6 * truth.length);
    for (const label of used) expect(new Set(members.filter((__, i) => labels[i] === label)).size).toBe(1);
  });

  it("where it is told the number: refuses more clusters than rows, none and half ones", () => {
    const { data } = clouds(2);
    for (const count of [data.rows + 1, 0, 1.5, Number.NaN]) {
      const code = codeOf(() => one.cluster(data, { clusters: count, random: random(1) }));
      expect(code).toBe(one.takesCount ? "learn/bad-parameter" : undefined);
    }
  });

  it.each([
    ["40 equal rows", [[1, 2]], 40],
    ["three points, many rows each", [[0, 0], [5, 0], [0, 9]], 30], // biome-ignore format: points in a row
    ["two points a float32 apart", [[1000], [1000.0001], [-1000]], 21], // biome-ignore format: points in a row
  ])("makes no more clusters than there are points: %s", (_, points, rows) => {
    const data = matrixFromRows(Array.from({ length: rows }, (__, i) => points[i % points.length]));
    const most = distinct(data);
    for (const count of [1, most, most + 1, most + 3]) {
      const run = () => one.cluster(data, { clusters: count, random: random(1) });
      if (one.takesCount && count > most) {
        expect(run).toThrow(`${rows} rows of which only ${most} differ`);
        expect(codeOf(run)).toBe("learn/bad-parameter");
        continue;
      }
      const { labels, clusters: found } = run();
      expect(found).toBeLessThanOrEqual(one.takesCount ? count : most);
      const used = new Set(Array.from(labels).filter((label) => label >= 0));
      expect([...used].sort()).toEqual(Array.from({ length: found }, (__, k) => k));
    }
  });
});

describe("options", () => {
  const { data } = clouds(6);
  const stream = random(1);
  const methods: Record<string, { run: (more: object) => unknown; options: string[] }> = {
    "k-means": {
      run: (more) => kMeans(data, { clusters: 2, random: stream, ...more }),
      options: ["clusters", "random", "restarts", "maxIterations", "tolerance", "initial"],
    },
    "mini-batch-k-means": {
      run: (more) => miniBatchKMeans(data, { clusters: 2, random: stream, ...more }),
      options: ["clusters", "random", "batch", "maxEpochs", "patience", "restarts"],
    },
    "gaussian-mixture": {
      run: (more) => gaussianMixture(data, { clusters: 2, random: stream, ...more }),
      options: ["clusters", "random", "covariance", "regularization", "tolerance", "maxIterations"],
    },
    dbscan: { run: (more) => dbscan(data, { radius: 1, ...more }), options: ["radius", "minRows"] },
    hdbscan: { run: (more) => hdbscan(data, more), options: ["minClusterSize", "minRows"] },
    "isolation-forest": {
      run: (more) => isolationForest(data, { random: stream, ...more }),
      options: ["random", "trees", "sample", "contamination"],
    },
    "local-outlier-factor": {
      run: (more) => localOutlierFactor(data, more),
      options: ["neighbours", "contamination"],
    },
    pca: { run: (more) => pca(data, more), options: ["components", "whiten"] },
    "t-sne": {
      run: (more) => tsne(data, { random: stream, perplexity: 5, ...more }),
      options: ["random", "perplexity", "iterations", "earlyExaggeration", "learningRate", "theta"],
    },
    umap: {
      run: (more) => umap(data, { random: stream, ...more }),
      options: ["random", "neighbours", "minDistance", "epochs"],
    },
    trustworthiness: { run: (more) => trustworthiness(data, data, more), options: ["neighbours"] },
    "choice of clusters": {
      run: (more) => chooseClusters(data, { random: stream, ...more }),
      options: ["most", "random"],
    },
  };
  for (const one of clusterers)
    methods[`${one.kind} of the list`] = {
      run: (more) => one.cluster(data, { clusters: 2, random: stream, ...more }),
      options: ["clusters", "random"],
    };
  for (const one of projections)
    methods[`${one.kind} of the list`] = {
      run: (more) => one.project(data, { random: stream, ...more }),
      options: ["random", "onProgress"],
    };
  for (const one of outlierDetectors)
    methods[`${one.kind} of the list`] = {
      run: (more) => one.score(data, { random: stream, ...more }),
      options: ["random", "contamination"],
    };

  it.each(Object.entries(methods))(
    "%s refuses what it does not know, and says what there is",
    (_, method) => {
      const run = () => method.run({ nonsense: 1 });
      expect(codeOf(run)).toBe("learn/bad-parameter");
      expect(run).toThrow("has no option 'nonsense'");
      for (const option of method.options) expect(run).toThrow(new RegExp(`expected .*\\b${option}\\b`));
    },
  );

  it.each(Object.entries(methods))("%s refuses values that none of its options can have", (_, method) => {
    for (const option of method.options) {
      if (["random", "initial", "onProgress"].includes(option)) continue;
      for (const value of ["much", -1, Number.NaN, null]) {
        const listed = option === "clusters" && codeOf(() => method.run({ clusters: value })) === undefined;
        if (!listed) expect(codeOf(() => method.run({ [option]: value }))).toBe("learn/bad-parameter");
      }
    }
  });
});

describe("validity", () => {
  it("is null where it says nothing", () => {
    const equal = matrixFromRows(Array.from({ length: 6 }, () => [1, 2]));
    const apart = matrixFromRows([[0], [1], [5], [9]]);
    for (const index of [silhouette, daviesBouldin]) {
      expect(index(equal, [0, 0, 0, 1, 1, 1])).toBeNull();
      expect(index(apart, [0, 0, 0, 0])).toBeNull();
      expect(index(apart, [0, 1, 2, 3])).toBeNull();
      expect(index(apart, [0, 0, 1, 1])).toBeGreaterThan(0);
    }
    const alone = contingency([0, 0, 0], ["a", "a", "a"]);
    expect(adjustedRandIndex(alone)).toBeNull();
    expect(normalizedMutualInformation(alone)).toBeNull();
    const half = contingency([0, 0, 0, 0], ["a", "a", "b", "b"]);
    expect([adjustedRandIndex(half), normalizedMutualInformation(half)]).toEqual([0, 0]);
  });
});

it.each(outlierDetectors.map((one) => [one.kind, one] as const))(
  "outlier detector %s puts the row far from all first",
  (_, one) => {
    const { data } = clouds();
    const scores = one.score(data, { random: random(1) });
    expect(scores.indexOf(Math.max(...scores))).toBe(data.rows - 1);
  },
);

it.each(outlierDetectors.map((one) => [one.kind, one] as const))(
  "outlier detector %s tells the part of the rows that it is asked for",
  (_, one) => {
    const { data } = clouds(33);
    const outliers = (contamination: Contamination): number =>
      one.score(data, { random: random(1), contamination }).filter((score) => score > 0).length;
    expect([0.01, 0.1, 0.5].map(outliers)).toEqual([1, 10, 50]);
    const raw = one.score(data, { random: random(1) });
    const auto = one.kind === "isolation-forest" ? 0.5 : 1.5;
    expect(outliers("auto")).toBe(raw.filter((score) => score > auto).length);
    expect(outliers("auto")).toBeGreaterThan(0);
    for (const bad of [0, 0.6, Number.NaN, "some"])
      expect(codeOf(() => outliers(bad as Contamination))).toBe("learn/bad-parameter");
  },
);

it.each(projections.map((one) => [one.kind, one] as const))("projection %s keeps clouds apart", (_, one) => {
  const { data, truth } = clouds();
  const near = takeRows(
    data,
    truth.map((__, i) => i),
  );
  const points = one.project(near, { random: random(1) });
  const found = kMeans(points, { clusters, random: random(1) });
  expect(sameGrouping(found.labels, truth)).toBe(truth.length);
});

describe("the shipped RAVDESS table", async () => {
  const golden = clusterGolden("ravdess");
  const { table } = await readTable(join(root, "data/ravdess-seed-v1.parquet"));
  const data = standardized(table.frames);
  const close = { rtol: 1e-4, atol: 1e-4 };

  it("PCA, linkage heights, DBSCAN, local outlier factor are scikit-learn's and scipy's", () => {
    const own = pca(data, { components: 8 });
    expect(own.variance).toBeAllClose(golden.pca.variance, close);
    expect(own.components.data.slice(0, 3 * data.cols)).toBeAllClose(golden.pca.components.flat(), close);
    expect([...dbscan(data, { radius: golden.dbscan.radius }).labels]).toEqual(golden.dbscan.labels);
    expect(localOutlierFactor(data)).toBeAllClose(golden.lof, close);
    for (const method of linkages) {
      const merges = linkage(data, method);
      expect(merges.slice(-300).map(({ height }) => height)).toBeAllClose(
        golden.linkage[method].heights,
        close,
      );
      const cut = cutTree(merges, Math.max(...golden.linkage[method].labels));
      expect(sameGrouping(cut.labels, golden.linkage[method].labels)).toBe(data.rows);
    }
  });

  it("k-means ends with no more inertia", () => {
    const ours = [0, 1, 2].map((seed) => kMeans(data, { clusters: golden.k, random: random(seed) }).inertia);
    const [a, b] = [meanAndError(golden.kMeans.inertias), meanAndError(ours)];
    expect(b.mean).toBeLessThanOrEqual(a.mean * (1 + 1e-4) + 2 * Math.hypot(a.error, b.error));
  });
});

function standardized(m: Matrix): Matrix {
  const result = matrix(m.rows, m.cols);
  for (let j = 0; j < m.cols; j++) {
    let [sum, square] = [0, 0];
    for (let i = 0; i < m.rows; i++) sum += m.data[i * m.cols + j];
    for (let i = 0; i < m.rows; i++) square += (m.data[i * m.cols + j] - sum / m.rows) ** 2;
    const deviation = Math.sqrt(square / m.rows) || 1;
    for (let i = 0; i < m.rows; i++)
      result.data[i * m.cols + j] = (m.data[i * m.cols + j] - sum / m.rows) / deviation;
  }
  return result;
}
