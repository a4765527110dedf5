/** Linear support vector machine: one class against the rest, squared hinge, with probabilities. */
import { block, transposed } from "../math/linear-algebra.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { int } from "../onnx/graph-builder.js";
import { defineClassifier } from "./define-classifier.js";
import { innerFolds } from "./inner-folds.js";
import { applyLinear, emitLinear, type LinearMap, linearMap, softmaxRows } from "./linear/linear-core.js";
import { type LinearSolution, minimizeLinear } from "./linear/minimize.js";
import { reduceRows } from "./linear/reduce-rows.js";
import { squaredHingeLoss } from "./linear/squared-hinge-loss.js";
import { integerFrom, positive } from "./parameters.js";
import { fitPlatt, type PlattScaling } from "./platt.js";

/**
 * Support vector machine as scikit-learn's LinearSVC (liblinear) has it: for each class, minimizes
 * ½‖w‖² + ½b² + C · Σᵢ weightᵢ · max(0, 1 − yᵢ(w·xᵢ + b))², the intercept being a weight like the others. Scores are
 * Platt-scaled decision values, normalized over the classes as in scikit-learn's CalibratedClassifierCV(ensemble=False); the
 * scaling is fitted on decision values of `folds` inner folds, which keep groups together.
 */
export const linearSvm = defineClassifier({
  kind: "linear-svm",
  summary: "Linear support vector machine, one class against the rest, squared hinge",
  parameters: { C: positive(1), folds: integerFrom(2, 3), maxIterations: integerFrom(1, 100) },
  standardize: true,
  async fitCore({ x, labels, classes, weights, groups, params, context }) {
    const reduced = reduceRows(block(x.rows, x.cols, Float64Array.from(x.data)));
    const xt = transposed(reduced.x.data, reduced.x.rows, reduced.x.cols);
    const outputs = classes === 2 ? 1 : classes;
    const fit = (
      rowWeights: Float64Array,
      tolerance: number,
      start?: LinearSolution,
    ): Promise<LinearSolution> => {
      const problem = {
        x: reduced.x,
        xt,
        outputs,
        loss: squaredHingeLoss(
          labels,
          rowWeights.map((weight) => weight * params.C),
          classes,
        ),
        biasPenalty: 1,
        tolerance,
        maxIterations: params.maxIterations,
        context,
      };
      return minimizeLinear(start ? { ...problem, start } : problem);
    };
    const solution = await fit(weights, 1e-8);
    const folds = innerFolds({ labels, groups, count: params.folds, random: context.random.fork("platt") });
    const decisions = new Float64Array(outputs * x.rows);
    for (let fold = 0; fold <= Math.max(...folds); fold++) {
      const without = weights.map((weight, i) => (folds[i] === fold ? 0 : weight));
      // A strictly convex problem: the start changes the way, not the end, so nothing of the fold is left in it.
      const inner = await fit(without, 1e-4, solution);
      for (let k = 0; k < outputs; k++) {
        for (let i = 0; i < x.rows; i++) {
          if (folds[i] !== fold) continue;
          let sum = inner.bias[k]!;
          for (let j = 0; j < reduced.x.cols; j++)
            sum += inner.weights.data[k * reduced.x.cols + j]! * reduced.x.data[i * reduced.x.cols + j]!;
          decisions[k * x.rows + i] = sum;
        }
      }
      context.onProgress?.((fold + 1) / (params.folds + 1));
    }
    const scalings = Array.from({ length: outputs }, (_, k) =>
      fitPlatt(
        decisions.subarray(k * x.rows, (k + 1) * x.rows),
        (i) => labels[i] === (outputs === 1 ? 1 : k),
        weights,
      ),
    );
    const map = linearMap(reduced.expand(solution));
    const scaled = scaledMap(map, scalings);
    return {
      decisions: (rows) => applyLinear(map, rows),
      scores: (rows) => softmaxRows(logProbabilities(applyLinear(scaled, rows), outputs === 1)),
      emit(graph, input) {
        const logits = emitLinear(scaled, graph, input);
        const shares =
          outputs === 1 ? logits : graph.node("Neg", [graph.node("Softplus", [graph.node("Neg", [logits])])]);
        return graph.node("Softmax", [shares], { attributes: { axis: int(-1) } });
      },
    };
  },
});

/** Returns the map whose values are the logits of Platt's probabilities; the one output of two classes becomes (0, logit). */
function scaledMap(map: LinearMap, scalings: readonly PlattScaling[]): LinearMap {
  const first = scalings.length === 1 ? 1 : 0;
  const outputs = scalings.length + first;
  const weights = new Float32Array(outputs * map.features);
  const bias = new Float32Array(outputs);
  scalings.forEach(({ slope, offset }, k) => {
    for (let j = 0; j < map.features; j++)
      weights[(k + first) * map.features + j] = -slope * map.weights[k * map.features + j]!;
    bias[k + first] = -slope * map.bias[k]! - offset;
  });
  return { outputs, features: map.features, weights, bias };
}

/** Returns log σ of each logit, whose softmax is σ divided by the sum of all σ; the logits themselves for two classes. */
function logProbabilities(logits: Matrix, two: boolean): Matrix {
  if (two) return logits;
  const out = logits.data.map((v) => (v >= 0 ? -Math.log1p(Math.exp(-v)) : v - Math.log1p(Math.exp(v))));
  return matrix(logits.rows, logits.cols, out);
}
