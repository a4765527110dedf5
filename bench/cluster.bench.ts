/**
 * How long grouping and drawing take, beside scikit-learn on the same data: processor seconds of one thread, medians.
 * `npx tsx bench/cluster.bench.ts [--python PYTHON] [--runs 3] [--only k-means,pca]`; without Python (test/golden/scripts/requirements.txt) it prints ours alone.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { cutTree, linkage } from "../packages/core/src/cluster/agglomerative.js";
import { dbscan, suggestRadius } from "../packages/core/src/cluster/dbscan.js";
import { kMeans } from "../packages/core/src/cluster/k-means.js";
import { pca } from "../packages/core/src/cluster/pca.js";
import { tsne } from "../packages/core/src/cluster/t-sne.js";
import { type Matrix, matrix } from "../packages/core/src/math/matrix.js";
import { random } from "../packages/core/src/math/random.js";

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    runs: { type: "string", default: "3" },
    only: { type: "string" },
    rows: { type: "string" },
  },
});
const runs = Number(values.runs);
const only = values.only?.split(",");

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
      const factor = means[group * factors + q]! + stream.normal();
      for (let j = 0; j < cols; j++) line[j]! += factor * loadings[q * cols + j]!;
    }
  }
  for (let j = 0; j < cols; j++) {
    let square = 0;
    for (let i = 0; i < rows; i++) square += data.data[i * cols + j]! ** 2 / rows;
    for (let i = 0; i < rows; i++) data.data[i * cols + j]! /= Math.sqrt(square);
  }
  return data;
}

interface Timed {
  readonly seconds: number;
  readonly value: number;
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

function ours(name: string, data: Matrix, radius: number): Timed {
  const times: number[] = [];
  let value = 0;
  for (let run = 0; run < (name === "t-sne" && data.rows > 5000 ? 1 : runs); run++) {
    const before = process.cpuUsage();
    value = methods[name]!(data, radius);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1e6);
  }
  return { seconds: times.sort((a, b) => a - b)[times.length >> 1]!, value };
}

function theirs(data: Matrix, radius: number, names: readonly string[]): Record<string, Timed> {
  if (!values.python) return {};
  const folder = mkdtempSync(join(tmpdir(), "undertone-bench-"));
  try {
    const file = join(folder, "data.f32");
    writeFileSync(file, new Uint8Array(data.data.buffer));
    const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _size, ...env } = process.env;
    const script = join(import.meta.dirname, "peers/cluster.py");
    const args = [script, file, String(data.rows), String(data.cols), String(runs), String(radius), ...names];
    return JSON.parse(
      execFileSync(values.python, args, {
        env: { ...env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
        encoding: "utf8",
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

console.log(`processor seconds, median of ${runs}, node ${process.version}`);
console.log(
  "rows × columns   method          ours   scikit-learn   ratio   result, both (inertia, clusters, merges, variance, divergence)",
);
for (const [rows, cols] of [
  [1440, 300],
  [20_000, 200],
] as const) {
  if (values.rows && Number(values.rows) !== rows) continue;
  const data = makeData(rows, cols);
  const radius = suggestRadius(data);
  const names = Object.keys(methods).filter((name) => !only || only.includes(name));
  const peers = theirs(data, radius, names);
  for (const name of names) {
    const own = ours(name, data, radius);
    const peer = peers[name];
    const shown = name === "ward" ? `${Math.min(3000, rows)} × ${cols}` : `${rows} × ${cols}`;
    const compared = peer ? [peer.seconds.toFixed(3), (own.seconds / peer.seconds).toFixed(2)] : ["–", "–"];
    const both = [own.value, ...(peer ? [peer.value] : [])].map((value) => value.toPrecision(6)).join(" ");
    console.log(
      `${shown.padEnd(17)}${name.padEnd(12)}${own.seconds.toFixed(3).padStart(8)}${compared[0]!.padStart(15)}${compared[1]!.padStart(8)}   ${both}`,
    );
  }
}
