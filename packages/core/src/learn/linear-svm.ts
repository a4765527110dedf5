/** Linear support vector machine: one class against the rest, squared hinge, with probabilities. */
import { UndertoneError } from "../errors.js";
import { addProduct, type Block, block, transposed } from "../math/linear-algebra.js";
import { checkpoint } from "./checkpoint.js";
import { defineClassifier } from "./define-estimator.js";
import type { FitContext } from "./estimator.js";
import { innerFolds } from "./inner-folds.js";
import { linearMap, logitMap, softmaxCore } from "./linear/linear-core.js";
import { type LinearSolution, minimizeLinear } from "./linear/minimize.js";
import {
  fitHingeMachine,
  type HingeMachine,
  leastSquaresStarts,
  productsOfRows,
} from "./linear/squared-hinge-gram.js";
import { squaredHingeLoss } from "./linear/squared-hinge-loss.js";
import { integerFrom, positive } from "./parameters.js";
import { fitSlope } from "./softmax-slope.js";

/** Up to so many rows, the products of all pairs (200 MB) are the quicker way. */
const largestGram = 5000;

/**
 * Support vector machine as scikit-learn's LinearSVC (liblinear) has it: for each class, minimizes
 * ½‖w‖² + ½b² + C · Σᵢ weightᵢ · max(0, 1 − yᵢ(w·xᵢ + b))², the intercept being a weight like the others. One deviation: a class's
 * weight counts for its rows in every machine, not only, as in liblinear, in its own. Scores are the softmax of the decision values
 * times one slope, of largest likelihood on decision values of `folds` inner folds, which keep groups together; so the top class is that of
 * the largest decision value, which a Platt scaling of each class (CalibratedClassifierCV) loses where classes are not alike hard.
 */
export const linearSvm = defineClassifier({
  kind: "linear-svm",
  summary:
    "Linear support vector machine with probabilities: as good as logistic regression, steadier with many features",
  parameters: { C: positive(1), folds: integerFrom(2, 3), maxIterations: integerFrom(1, 100) },
  standardize: true,
  async fitCore({ x, labels, classes, weights, groups, params, context }) {
    const rows = block(x.rows, x.cols, Float64Array.from(x.data));
    const own = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
    const outputs = own.length;
    const strengths = weights.map((weight) => weight * params.C);
    // A small C leaves most rows inside the margin, where solving on the rows is slow and on the features quick.
    const soft = params.C * x.cols <= 20 && x.cols < x.rows;
    const fit = rows.rows > largestGram || soft ? newtonFit : gramFit;
    const folds = innerFolds({ labels, groups, count: params.folds, random: context.random.fork("slope") });
    const { solution, unseen } = await fit({
      rows,
      labels,
      own,
      strengths,
      folds,
      maxIterations: params.maxIterations,
      context,
    });
    const two = outputs === 1;
    const { slope } = fitSlope(block(classes, rows.rows, joined(unseen, two)), labels, weights);
    const map = linearMap(solution);
    return softmaxCore(logitMap(map, slope), map);
  },
});

interface HingeRows {
  readonly rows: Block;
  readonly labels: Int32Array;
  /** The class that each output tells from the rest. */
  readonly own: readonly number[];
  /** C times the weight of each row. */
  readonly strengths: Float64Array;
  readonly folds: Int32Array;
  readonly maxIterations: number;
  readonly context: FitContext;
}

interface HingeFit {
  readonly solution: LinearSolution;
  /** Decision values of every row, for each output, from a machine that has not seen the row's fold. */
  readonly unseen: readonly Float64Array[];
}

/** Fits on the products of the rows, class after class. */
async function gramFit({
  rows,
  labels,
  own,
  strengths,
  folds,
  maxIterations,
  context,
}: HingeRows): Promise<HingeFit> {
  const gram = productsOfRows(rows);
  const targets = own.map((k) => Int8Array.from(labels, (label) => (label === k ? 1 : -1)));
  const coefficients = block(own.length, rows.rows);
  const unseen: Float64Array[] = [];
  const starts = leastSquaresStarts(gram, targets, strengths);
  const solve = (k: number, weights: Float64Array, start: HingeMachine): HingeMachine => {
    const machine = fitHingeMachine(gram, { signs: targets[k], weights, start, maxIterations });
    if (!machine)
      throw new UndertoneError(
        "learn/no-convergence",
        `The linear SVM did not converge in ${maxIterations} iterations`,
      );
    return machine;
  };
  for (let k = 0; k < own.length; k++) {
    await checkpoint(context, k / own.length);
    const machine = solve(k, strengths, starts[k]);
    coefficients.data.set(machine.coefficients, k * rows.rows);
    const decisions = new Float64Array(rows.rows);
    for (const fold of new Set(folds)) {
      // Strictly convex: the start changes the way, not the end, so nothing of the fold is left in the machine.
      const inner = solve(
        k,
        strengths.map((weight, i) => (folds[i] === fold ? 0 : weight)),
        machine,
      );
      for (let i = 0; i < rows.rows; i++) if (folds[i] === fold) decisions[i] = inner.decisions[i];
    }
    unseen.push(decisions);
  }
  const weights = block(own.length, rows.cols);
  addProduct(weights, coefficients, transposed(rows.data, rows.rows, rows.cols));
  const bias = Float64Array.from(own, (_, k) => {
    return coefficients.data.subarray(k * rows.rows, (k + 1) * rows.rows).reduce((a, b) => a + b, 0);
  });
  return { solution: { weights, bias }, unseen };
}

/** Fits on the features, all classes at once: for more rows than the products of all pairs have room for. */
async function newtonFit({
  rows,
  labels,
  own,
  strengths,
  folds,
  maxIterations,
  context,
}: HingeRows): Promise<HingeFit> {
  const xt = transposed(rows.data, rows.rows, rows.cols);
  const classes = own.length === 1 ? 2 : own.length;
  const shared = { x: rows, xt, outputs: own.length, biasPenalty: 1, maxIterations, context };
  const solution = await minimizeLinear({
    ...shared,
    loss: squaredHingeLoss(labels, strengths, classes),
    tolerance: 1e-8,
  });
  const unseen = own.map(() => new Float64Array(rows.rows));
  for (const fold of new Set(folds)) {
    const without = strengths.map((weight, i) => (folds[i] === fold ? 0 : weight));
    const loss = squaredHingeLoss(labels, without, classes);
    const { weights, bias } = await minimizeLinear({ ...shared, loss, tolerance: 1e-5, start: solution });
    const decisions = block(own.length, rows.rows);
    addProduct(decisions, weights, rows);
    unseen.forEach((values, k) => {
      for (let i = 0; i < rows.rows; i++)
        if (folds[i] === fold) values[i] = decisions.data[k * rows.rows + i] + bias[k];
    });
  }
  return { solution, unseen };
}

/** Returns the values of all classes, class after class; the one machine of two classes speaks for the second and against the first. */
function joined(machines: readonly Float64Array[], two: boolean): Float64Array {
  const all = two ? [machines[0].map((value) => -value), machines[0]] : machines;
  return Float64Array.from(all.flatMap((values) => Array.from(values)));
}
