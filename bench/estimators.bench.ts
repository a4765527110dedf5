/**
 * How long the estimators take to fit, beside scikit-learn's on the same data: processor seconds of one thread.
 * `npx tsx bench/estimators.bench.ts [--python PYTHON] [--runs 3] [--size 1440x300] [--model KIND]`; without Python (test/golden/scripts/requirements.txt) it prints ours alone.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { functionalsTable } from "../packages/core/src/data/feature-table.js";
import { estimators } from "../packages/core/src/learn/index.js";
import { matrix } from "../packages/core/src/math/matrix.js";
import { random } from "../packages/core/src/math/random.js";

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    runs: { type: "string", default: "3" },
    size: { type: "string", multiple: true, default: ["1440x300", "20000x200"] },
    model: {
      type: "string",
      multiple: true,
      default: ["rbf-svm", "logistic-regression", "random-forest", "hist-gradient-boosting"],
    },
  },
});
const runs = Number(values.runs);
const classes = 8;
const factors = 60;

/** Rows of overlapping classes and 24 speakers, in correlated features of many scales. */
function makeData(rows: number, cols: number) {
  const stream = random(`${rows}x${cols}`);
  const normals = (length: number, scale: number) =>
    Float64Array.from({ length }, () => scale * stream.normal());
  const loadings = normals(factors * cols, 1).map(
    (value, at) => value * Math.exp(-Math.floor(at / cols) / 15),
  );
  const means = normals(classes * factors, 0.5);
  const voices = normals(24 * factors, 1);
  const scales = normals(cols, 2).map(Math.exp);
  const frames = matrix(rows, cols);
  const labels = Int32Array.from({ length: rows }, (_, i) => i % classes);
  const groups = Int32Array.from({ length: rows }, (_, i) => Math.floor((24 * i) / rows));
  for (let i = 0; i < rows; i++) {
    const sums = normals(cols, 0.5);
    for (let q = 0; q < factors; q++) {
      const factor =
        means[labels[i]! * factors + q]! + voices[groups[i]! * factors + q]! + 1.5 * stream.normal();
      for (let j = 0; j < cols; j++) sums[j]! += factor * loadings[q * cols + j]!;
    }
    for (let j = 0; j < cols; j++) frames.data[i * cols + j] = 3 + scales[j]! * sums[j]!;
  }
  return { frames, labels, groups };
}

function peerSeconds({ frames, labels }: ReturnType<typeof makeData>): Record<string, number> {
  if (!values.python) return {};
  const folder = mkdtempSync(join(tmpdir(), "undertone-bench-"));
  try {
    const { rows, cols } = frames;
    const all = new Float32Array(rows * (cols + 1));
    for (let i = 0; i < rows; i++) {
      all.set(frames.data.subarray(i * cols, (i + 1) * cols), i * (cols + 1));
      all[i * (cols + 1) + cols] = labels[i]!;
    }
    const file = join(folder, "data.f32");
    writeFileSync(file, new Uint8Array(all.buffer));
    const script = join(import.meta.dirname, "peers/estimators.py");
    const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...rest } = process.env;
    const env = { ...rest, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
    return JSON.parse(
      execFileSync(values.python, [script, file, String(rows), String(cols), String(runs), ...values.model], {
        env,
        encoding: "utf8",
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

console.log(`fit, processor seconds, best of ${runs}, node ${process.version}`);
console.log("rows × columns   estimator              ours   scikit-learn   ratio");
for (const size of values.size) {
  const [rows, cols] = size.split("x").map(Number) as [number, number];
  const data = makeData(rows, cols);
  const table = functionalsTable(
    Array.from({ length: rows }, (_, i) => `row-${i}`),
    Array.from({ length: cols }, (_, j) => `column-${j}`),
    data.frames,
  );
  const targets = {
    classes: Array.from({ length: classes }, (_, k) => `class-${k}`),
    labels: data.labels,
    groups: data.groups,
  };
  const peers = peerSeconds(data);
  for (const factory of estimators.filter(({ kind }) => values.model.includes(kind))) {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < runs; run++) {
      const before = process.cpuUsage();
      await factory.create().fit(table, targets, { random: random(1) });
      best = Math.min(best, process.cpuUsage(before).user / 1e6);
    }
    const peer = peers[factory.kind];
    const ratio = peer === undefined ? ["–", "–"] : [peer.toFixed(2), (best / peer).toFixed(2)];
    console.log(
      `${`${rows} × ${cols}`.padEnd(17)}${factory.kind.padEnd(21)}${best.toFixed(2).padStart(6)}${ratio[0]!.padStart(15)}${ratio[1]!.padStart(8)}`,
    );
  }
}
