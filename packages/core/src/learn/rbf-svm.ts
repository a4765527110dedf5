/** Support vector machine with the radial basis function kernel, one class against one, with probabilities. */
import { addProduct, block, transposed } from "../math/linear-algebra.js";
import { type Matrix, matrix, takeRows } from "../math/matrix.js";
import { type GraphBuilder, int } from "../onnx/graph-builder.js";
import { checkpoint } from "./checkpoint.js";
import { defineClassifier } from "./define-estimator.js";
import { innerFolds } from "./inner-folds.js";
import { classPairs, coupleInto, squarings, transitionMap } from "./kernel/coupling.js";
import { centredMatrix, type KernelMemory, kernelMemory } from "./kernel/kernel-memory.js";
import { centredRows, rbfKernel } from "./kernel/rbf-kernel.js";
import { columnMeans, scaleGamma } from "./kernel/scale-gamma.js";
import { dualBytes, solveDual } from "./kernel/smo.js";
import { integerFrom, positive, wordOr } from "./parameters.js";
import { fitPlatt } from "./platt.js";

/** Probabilities of a pair stay this far from 0 and 1, as in LIBSVM. */
const margin = 1e-7;

/**
 * C-SVC as scikit-learn's SVC (LIBSVM) has it: a machine for every pair of classes, γ "scale" being 1 / (features · variance
 * of all values). Scores are coupled from Platt-scaled decision values of the pairs; the scaling is fitted on decision
 * values of `folds` inner folds, which keep groups together. The predicted class is the one of the highest score, not, as in
 * SVC, the one of most votes.
 */
export const rbfSvm = defineClassifier({
  kind: "rbf-svm",
  summary:
    "Support vector machine with RBF kernel, one class against one: curved borders, up to some ten thousand rows",
  parameters: {
    C: positive(1),
    gamma: wordOr(["scale"], positive(1)),
    folds: integerFrom(2, 5),
    tolerance: positive(1e-4),
    cacheMegabytes: positive(256),
  },
  standardize: true,
  async fitCore({ x, labels, classes, weights, groups, params, context }) {
    const centre = columnMeans(x);
    const gamma = params.gamma === "scale" ? scaleGamma(x) : params.gamma;
    const folds = innerFolds({ labels, groups, count: params.folds, random: context.random.fork("platt") });
    // The rows class by class, so that those of a pair are two stretches.
    const order = Int32Array.from(labels.keys()).sort((i, j) => labels[i] - labels[j] || i - j);
    const stretches = Array.from({ length: classes }, () => ({ from: x.rows, to: 0 }));
    order.forEach((i, at) => {
      const own = stretches[labels[i]];
      own.from = Math.min(own.from, at);
      own.to = at + 1;
    });
    const sizes = stretches.map(({ from, to }) => to - from).sort((a, b) => b - a);
    const largest = sizes[0] + sizes[1];
    const kernelOf = kernelMemory(centredMatrix(takeRows(x, order), centre), {
      gamma,
      maxBytes: params.cacheMegabytes * 1024 * 1024,
      largest,
      free: dualBytes(largest),
    });
    const pairs = classPairs(classes);
    const coefficients = block(pairs.length, x.rows);
    const machines: PairMachine[] = [];
    for (const [pair, [first, second]] of pairs.entries()) {
      await checkpoint(context, pair / pairs.length);
      const both = [stretches[first], stretches[second]];
      const rows = Int32Array.from(both.flatMap(({ from, to }) => [...order.subarray(from, to)]));
      const machine = fitPair({
        kernel: kernelOf(both),
        rows,
        labels,
        first,
        weights,
        folds,
        C: params.C,
        tolerance: params.tolerance,
      });
      machines.push(machine);
      rows.forEach((row, t) => {
        coefficients.data[pair * x.rows + row] = machine.coefficients[t];
      });
    }
    return rbfCore({ x, centre, gamma, coefficients: coefficients.data, machines, classes });
  },
});

interface PairMachine {
  /** yα of each of the pair's rows. */
  readonly coefficients: Float64Array;
  readonly rho: number;
  readonly slope: number;
  readonly offset: number;
}

interface PairRows {
  /** Of the pair's rows. */
  readonly kernel: KernelMemory;
  readonly rows: Int32Array;
  readonly labels: Int32Array;
  readonly first: number;
  readonly weights: Float64Array;
  readonly folds: Int32Array;
  readonly C: number;
  readonly tolerance: number;
}

function fitPair({ kernel, rows, labels, first, weights, folds, C, tolerance }: PairRows): PairMachine {
  const n = rows.length;
  const signs = Int8Array.from(rows, (i) => (labels[i] === first ? 1 : -1));
  const bounds = Float64Array.from(rows, (i) => C * weights[i]);
  const whole = solveDual({ kernel, signs, bounds, tolerance });
  const decisions = new Float64Array(n);
  for (const fold of new Set(rows.map((i) => folds[i]))) {
    const inner = bounds.map((bound, t) => (folds[rows[t]] === fold ? 0 : bound));
    const seen = { 1: false, "-1": false };
    signs.forEach((sign, t) => {
      if (inner[t] > 0) seen[sign as 1 | -1] = true;
    });
    // Without rows of both classes there is no machine: the class that is left, or no opinion (LIBSVM does so).
    const lone = (seen[1] ? 1 : 0) - (seen[-1] ? 1 : 0);
    const found =
      seen[1] && seen[-1]
        ? solveDual({ kernel, signs, bounds: inner, tolerance: 10 * tolerance }).decisions
        : null;
    for (let t = 0; t < n; t++) if (folds[rows[t]] === fold) decisions[t] = found ? found[t] : lone;
  }
  const scaling = fitPlatt(
    decisions,
    (t) => signs[t] === 1,
    Float64Array.from(rows, (i) => weights[i]),
  );
  return { coefficients: whole.alpha.map((value, t) => value * signs[t]), rho: whole.rho, ...scaling };
}

function rbfCore({
  x,
  centre,
  gamma,
  coefficients,
  machines,
  classes,
}: {
  x: Matrix;
  centre: Float32Array;
  gamma: number;
  coefficients: Float64Array;
  machines: readonly PairMachine[];
  classes: number;
}) {
  const pairs = machines.length;
  const used = Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) =>
    machines.some((_, p) => coefficients[p * x.rows + i] !== 0),
  );
  const vectors = centredRows(takeRows(x, used), centre);
  const dual = Float32Array.from({ length: pairs * used.length }, (_, at) => {
    return coefficients[Math.floor(at / used.length) * x.rows + used[at % used.length]];
  });
  const rho = Float32Array.from(machines, (machine) => machine.rho);
  const slope = Float32Array.from(machines, (machine) => -machine.slope);
  const offset = Float32Array.from(machines, (machine) => -machine.offset);

  const decisions = (rows: Matrix): Matrix => {
    const out = block(rows.rows, pairs);
    for (let i = 0; i < rows.rows; i++) for (let p = 0; p < pairs; p++) out.data[i * pairs + p] = -rho[p];
    const kernel = rbfKernel(centredRows(rows, centre), vectors, gamma);
    addProduct(out, kernel, block(pairs, used.length, Float64Array.from(dual)));
    return matrix(rows.rows, pairs, Float32Array.from(out.data));
  };
  return {
    decisions,
    apply(rows: Matrix): Matrix {
      const values = decisions(rows);
      const out = matrix(rows.rows, classes);
      const chances = new Float64Array(pairs);
      for (let i = 0; i < rows.rows; i++) {
        for (let p = 0; p < pairs; p++) {
          const chance = 1 / (1 + Math.exp(-(values.data[i * pairs + p] * slope[p] + offset[p])));
          chances[p] = Math.min(1 - margin, Math.max(margin, chance));
        }
        coupleInto(out.data.subarray(i * classes, (i + 1) * classes), chances, classes);
      }
      return out;
    },
    emit(graph: GraphBuilder, input: string): string {
      const kernel = emitKernel(graph, input, {
        centre,
        vectors: Float32Array.from(vectors.data),
        count: used.length,
        gamma,
      });
      const turned = Float32Array.from(transposed(dual, pairs, used.length).data);
      const sums = graph.node("MatMul", [kernel, graph.constant("dual", [used.length, pairs], turned)]);
      const values = graph.node("Sub", [sums, graph.constant("rho", [pairs], rho)]);
      const logits = graph.node("Add", [
        graph.node("Mul", [values, graph.constant("slope", [pairs], slope)]),
        graph.constant("offset", [pairs], offset),
      ]);
      return emitCoupling(graph, graph.node("Sigmoid", [logits]), classes);
    },
  };
}

function emitKernel(
  graph: GraphBuilder,
  input: string,
  {
    centre,
    vectors,
    count,
    gamma,
  }: { centre: Float32Array; vectors: Float32Array; count: number; gamma: number },
): string {
  const features = centre.length;
  const x = graph.node("Sub", [input, graph.constant("centre", [features], centre)]);
  const norms = graph.node("ReduceSum", [graph.node("Mul", [x, x]), graph.integers("axis", [1])], {
    attributes: { keepdims: int(1) },
  });
  const turned = transposed(vectors, count, features);
  const vectorNorms = Float32Array.from({ length: count }, (_, s) => {
    let sum = 0;
    for (let j = 0; j < features; j++) sum += vectors[s * features + j] ** 2;
    return sum;
  });
  const doubled = turned.data.map((value) => -2 * value);
  const product = graph.node("MatMul", [x, graph.constant("vectors", [features, count], doubled)]);
  const distance = graph.node("Add", [
    graph.node("Add", [product, norms]),
    graph.constant("norms", [count], vectorNorms),
  ]);
  const floor = graph.node("Relu", [distance]);
  return graph.node("Exp", [graph.node("Mul", [floor, graph.constant("gamma", [], [-gamma])])]);
}

function emitCoupling(graph: GraphBuilder, chances: string, classes: number): string {
  const clipped = graph.node("Clip", [
    chances,
    graph.constant("low", [], [margin]),
    graph.constant("high", [], [1 - margin]),
  ]);
  const { weights, constant } = transitionMap(classes);
  const cells = classes * classes;
  const pairs = weights.length / cells;
  const flat = graph.node("Add", [
    graph.node("MatMul", [clipped, graph.constant("transition", [pairs, cells], weights)]),
    graph.constant("stay", [cells], constant),
  ]);
  let chain = graph.node("Reshape", [flat, graph.integers("square", [-1, classes, classes])]);
  const last = graph.integers("last", [2]);
  for (let round = squarings(classes); round > 0; round--) {
    const squared = graph.node("MatMul", [chain, chain]);
    chain = graph.node("Div", [
      squared,
      graph.node("ReduceSum", [squared, last], { attributes: { keepdims: int(1) } }),
    ]);
  }
  const sums = graph.node("ReduceSum", [chain, graph.integers("axis", [1])], {
    attributes: { keepdims: int(0) },
  });
  return graph.node("Mul", [sums, graph.constant("part", [], [1 / classes])]);
}
