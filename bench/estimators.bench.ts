/**
 * How long the estimators take to fit, beside scikit-learn's on the same data. Results: the norm of logistic regression's last gradient as a part of its first.
 * `npx tsx bench/estimators.bench.ts [--large] [--limit 600] [--python PYTHON] [--runs 3] [--size 1440x300] [--only rbf-svm,random-forest]`;
 * without scikit-learn (test/golden/scripts/requirements.txt) it prints ours alone.
 */
import { fileURLToPath } from "node:url";
import { functionalsTable } from "../packages/core/src/data/feature-table.js";
import { estimator } from "../packages/core/src/learn/estimators.js";
import { minimizeLinear } from "../packages/core/src/learn/linear/minimize.js";
import { softmaxLoss } from "../packages/core/src/learn/linear/softmax-loss.js";
import { fitStandardizer } from "../packages/core/src/learn/standardizer.js";
import { addProduct, type Block, block, transposed } from "../packages/core/src/math/linear-algebra.js";
import { type Matrix, matrix } from "../packages/core/src/math/matrix.js";
import { random } from "../packages/core/src/math/random.js";
import { besidePeer, type RowFile } from "./beside-peer.js";

const classes = 8;
const speakers = 24;
const factors = 60;

/** Rows of overlapping classes and 24 speakers, in correlated features of many scales; the last column is the class. */
function makeData(rows: number, cols: number): RowFile {
  const stream = random(`${rows}x${cols}`);
  const normals = (length: number, scale: number) =>
    Float64Array.from({ length }, () => scale * stream.normal());
  const loadings = normals(factors * cols, 1).map(
    (value, at) => value * Math.exp(-Math.floor(at / cols) / 15),
  );
  const means = normals(classes * factors, 0.5);
  const voices = normals(speakers * factors, 1);
  const scales = normals(cols, 2).map(Math.exp);
  const data = new Float32Array(rows * (cols + 1));
  for (let i = 0; i < rows; i++) {
    const [label, group] = [i % classes, groupOf(i, rows)];
    const sums = normals(cols, 0.5);
    for (let q = 0; q < factors; q++) {
      const factor = means[label * factors + q] + voices[group * factors + q] + 1.5 * stream.normal();
      for (let j = 0; j < cols; j++) sums[j] += factor * loadings[q * cols + j];
    }
    for (let j = 0; j < cols; j++) data[i * (cols + 1) + j] = 3 + scales[j] * sums[j];
    data[i * (cols + 1) + cols] = label;
  }
  return { data, rows, cols: cols + 1 };
}

function groupOf(i: number, rows: number): number {
  return Math.floor((speakers * i) / rows);
}

async function fit(
  kind: string,
  { data, rows, cols }: RowFile,
): Promise<(() => Promise<number>) | undefined> {
  const features = cols - 1;
  const frames = matrix(rows, features);
  for (let i = 0; i < rows; i++) frames.data.set(data.subarray(i * cols, i * cols + features), i * features);
  const table = functionalsTable(
    Array.from({ length: rows }, (_, i) => `row-${i}`),
    Array.from({ length: features }, (_, j) => `column-${j}`),
    frames,
  );
  const targets = {
    classes: Array.from({ length: classes }, (_, k) => `class-${k}`),
    labels: Int32Array.from({ length: rows }, (_, i) => data[i * cols + features]),
    groups: Int32Array.from({ length: rows }, (_, i) => groupOf(i, rows)),
  };
  await estimator(kind).fit(table, targets, { random: random(1) });
  return kind === "logistic-regression" ? () => gradientNorm(frames, targets.labels) : undefined;
}

/** Returns the norm of the objective's gradient where logistic regression stops, as a part of the one at zero: by the estimator's own parts, before rounding. */
async function gradientNorm(frames: Matrix, labels: Int32Array): Promise<number> {
  const rows = fitStandardizer(frames).transform(frames);
  const x = block(rows.rows, rows.cols, Float64Array.from(rows.data));
  const counts = Array.from({ length: classes }, (_, k) => labels.filter((label) => label === k).length);
  const weights = Float64Array.from(labels, (label) => labels.length / (classes * counts[label]));
  const loss = softmaxLoss(labels, weights, classes);
  const xt = transposed(x.data, x.rows, x.cols);
  const problem = { x, xt, outputs: classes, loss, biasPenalty: 0, tolerance: 1e-8, maxIterations: 100 };
  const solution = await minimizeLinear({ ...problem, context: { random: random(1) } });
  const norm = (coefficients: Block, bias: Float64Array): number => {
    const [scores, slope] = [block(classes, x.rows), block(classes, x.rows)];
    for (let k = 0; k < classes; k++) scores.data.fill(bias[k], k * x.rows, (k + 1) * x.rows);
    addProduct(scores, coefficients, x);
    loss.evaluateInto(new Float64Array(1), slope, scores);
    const gradient = block(classes, x.cols, coefficients.data.slice());
    addProduct(gradient, slope, xt);
    const sums = bias.map((_, k) =>
      slope.data.subarray(k * x.rows, (k + 1) * x.rows).reduce((sum, value) => sum + value, 0),
    );
    return Math.hypot(...gradient.data, ...sums);
  };
  return norm(solution.weights, solution.bias) / norm(block(classes, x.cols), new Float64Array(classes));
}

await besidePeer({
  file: fileURLToPath(import.meta.url),
  script: "estimators.py",
  methods: ["rbf-svm", "logistic-regression", "random-forest", "hist-gradient-boosting"],
  sizes: ["1440x300"],
  largeSizes: ["20000x200"],
  makeData,
  fit,
});
