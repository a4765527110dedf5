/** Logistic regression: multinomial, L2. */

import { block, transposed } from "../math/linear-algebra.js";
import { int } from "../onnx/graph-builder.js";
import { defineClassifier } from "./define-classifier.js";
import { applyLinear, emitLinear, linearMap, softmaxRows } from "./linear/linear-core.js";
import { minimizeLinear } from "./linear/minimize.js";
import { reduceRows } from "./linear/reduce-rows.js";
import { softmaxLoss } from "./linear/softmax-loss.js";
import { integerFrom, positive } from "./parameters.js";

/**
 * Multinomial logistic regression as scikit-learn's LogisticRegression has it: minimizes ½‖W‖² + C · Σᵢ weightᵢ · lossᵢ,
 * the intercepts free of penalty. With two classes the penalty is that of the one weight vector of the binomial model,
 * so that W[1] − W[0] is scikit-learn's `coef_`.
 */
export const logisticRegression = defineClassifier({
  kind: "logistic-regression",
  summary: "Logistic regression, multinomial, L2 penalty",
  parameters: { C: positive(1), maxIterations: integerFrom(1, 100) },
  standardize: true,
  async fitCore({ x, labels, classes, weights, params, context }) {
    const strength = classes === 2 ? params.C / 2 : params.C;
    const reduced = reduceRows(block(x.rows, x.cols, Float64Array.from(x.data)));
    const solution = await minimizeLinear({
      x: reduced.x,
      xt: transposed(reduced.x.data, reduced.x.rows, reduced.x.cols),
      outputs: classes,
      loss: softmaxLoss(
        labels,
        weights.map((weight) => weight * strength),
        classes,
      ),
      biasPenalty: 0,
      tolerance: 1e-8,
      maxIterations: params.maxIterations,
      context,
    });
    const map = linearMap(reduced.expand(solution));
    return {
      decisions: (rows) => applyLinear(map, rows),
      scores: (rows) => softmaxRows(applyLinear(map, rows)),
      emit: (graph, input) =>
        graph.node("Softmax", [emitLinear(map, graph, input)], { attributes: { axis: int(-1) } }),
    };
  },
});
