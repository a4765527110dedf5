/** Logistic regression: multinomial, with an L2, L1 or elastic-net penalty. */

import { type Block, block, transposed } from "../math/linear-algebra.js";
import { type ClassRows, defineClassifier } from "./define-estimator.js";
import { linearMap, softmaxCore } from "./linear/linear-core.js";
import { type LinearSolution, minimizeLinear } from "./linear/minimize.js";
import { reduceRows } from "./linear/reduce-rows.js";
import { softmaxLoss } from "./linear/softmax-loss.js";
import { minimizeSparseSoftmax } from "./linear/sparse-softmax.js";
import { choice, integerFrom, type ParameterValues, positive, share } from "./parameters.js";

const parameters = {
  C: positive(1),
  penalty: choice(["l2", "l1", "elastic-net"]),
  /** The part of L1 in an elastic net. */
  l1Ratio: share(0.5),
  maxIterations: integerFrom(1, 100),
};

type LogisticRows = ClassRows<ParameterValues<typeof parameters>>;

/** Steps of the proximal method that count as one iteration of Newton's. */
const stepsPerIteration = 100;

/**
 * Multinomial logistic regression as scikit-learn's LogisticRegression has it: minimizes penalty(W) + C · Σᵢ weightᵢ · lossᵢ,
 * the intercepts free of penalty, which is ½‖W‖² ("l2"), ‖W‖₁ ("l1") or l1Ratio · ‖W‖₁ + (1 − l1Ratio) · ½‖W‖² ("elastic-net").
 * With two classes it is that of the one weight vector of the binomial model, so that W[1] − W[0] is scikit-learn's `coef_`.
 */
export const logisticRegression = defineClassifier({
  kind: "logistic-regression",
  summary: "Logistic regression, multinomial: the first thing to try; with L1 it chooses features",
  parameters,
  standardize: true,
  async fitCore(rows) {
    const x = block(rows.x.rows, rows.x.cols, Float64Array.from(rows.x.data));
    const solution = rows.params.penalty === "l2" ? await fitSmooth(x, rows) : await fitSparse(x, rows);
    return softmaxCore(linearMap(solution));
  },
});

async function fitSmooth(
  x: Block,
  { labels, classes, weights, params, context }: LogisticRows,
): Promise<LinearSolution> {
  const strength = classes === 2 ? params.C / 2 : params.C;
  const reduced = reduceRows(x);
  const scaled = weights.map((weight) => weight * strength);
  const solution = await minimizeLinear({
    x: reduced.x,
    xt: transposed(reduced.x.data, reduced.x.rows, reduced.x.cols),
    outputs: classes,
    loss: softmaxLoss(labels, scaled, classes),
    biasPenalty: 0,
    tolerance: 1e-8,
    maxIterations: params.maxIterations,
    context,
  });
  return reduced.expand(solution);
}

function fitSparse(
  x: Block,
  { labels, classes, weights, params, context }: LogisticRows,
): Promise<LinearSolution> {
  const ratio = params.penalty === "l1" ? 1 : params.l1Ratio;
  return minimizeSparseSoftmax({
    x,
    labels,
    classes,
    weights: weights.map((weight) => weight * params.C),
    l1: ratio,
    // Two vectors of opposite sign carry a quarter each of what one of twice their length does.
    l2: (1 - ratio) * (classes === 2 ? 2 : 1),
    maxIterations: params.maxIterations * stepsPerIteration,
    context,
  });
}
