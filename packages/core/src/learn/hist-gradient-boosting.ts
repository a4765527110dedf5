/** Gradient boosting on binned features. */
import { matrix } from "../math/matrix.js";
import { int } from "../onnx/graph-builder.js";
import { defineClassifier, defineRegressor } from "./define-estimator.js";
import { type BoostingLoss, boost, boostingParameters } from "./forest/boosting.js";
import { treesCore } from "./forest/forest-core.js";
import { emitTrees, ensembleValues } from "./forest/tree-ensemble.js";
import { softmaxRows } from "./linear/linear-core.js";

/**
 * Gradient boosting as scikit-learn's HistGradientBoostingClassifier has it, without early stopping: softmax loss with a tree
 * a class in each round, for two classes the binomial loss with one tree.
 */
export const histGradientBoosting = defineClassifier({
  kind: "hist-gradient-boosting",
  summary: "Gradient boosting on binned features: strong on tables of many rows, slow with many classes",
  parameters: boostingParameters,
  standardize: false,
  async fitCore({ x, labels, classes, weights, params, context }) {
    const loss = classes === 2 ? binomialLoss(labels, weights) : multinomialLoss(labels, weights, classes);
    const ensemble = await boost({ x, loss, params, context });
    return {
      apply(rows) {
        const raw = ensembleValues(ensemble, rows);
        if (classes > 2) return softmaxRows(matrix(rows.rows, classes, Float32Array.from(raw)));
        const out = matrix(rows.rows, 2);
        for (let i = 0; i < rows.rows; i++) {
          out.data[2 * i + 1] = 1 / (1 + Math.exp(-raw[i]));
          out.data[2 * i] = 1 / (1 + Math.exp(raw[i]));
        }
        return out;
      },
      emit(graph, input) {
        const raw = emitTrees(ensemble, graph, input);
        if (classes > 2) return graph.node("Softmax", [raw], { attributes: { axis: int(-1) } });
        const pair = graph.node("Mul", [raw, graph.constant("sides", [2], [-1, 1])]);
        return graph.node("Sigmoid", [pair]);
      },
    };
  },
});

/** Gradient boosting as scikit-learn's HistGradientBoostingRegressor has it, squared error, without early stopping. */
export const histGradientBoostingRegressor = defineRegressor({
  kind: "hist-gradient-boosting",
  summary: "Gradient boosting on binned features: strong on tables of many rows",
  parameters: boostingParameters,
  standardize: false,
  async fitCore({ x, targets, outputs, weights, params, context }) {
    const total = weights.reduce((a, b) => a + b, 0);
    const base = new Float64Array(outputs);
    for (let at = 0; at < targets.length; at++)
      base[at % outputs] += (weights[Math.floor(at / outputs)] / total) * targets[at];
    const ensemble = await boost({
      x,
      params,
      context,
      loss: {
        outputs,
        base,
        derive(raw, gradients, hessians) {
          for (let i = 0; i < x.rows; i++) {
            for (let k = 0; k < outputs; k++) {
              gradients[k][i] = weights[i] * (raw[i * outputs + k] - targets[i * outputs + k]);
              hessians[k][i] = weights[i];
            }
          }
        },
      },
    });
    return treesCore(ensemble);
  },
});

function classShares(labels: Int32Array, weights: Float64Array, classes: number): Float64Array {
  const shares = new Float64Array(classes);
  let total = 0;
  labels.forEach((label, i) => {
    shares[label] += weights[i];
    total += weights[i];
  });
  return shares.map((share) => share / total);
}

function binomialLoss(labels: Int32Array, weights: Float64Array): BoostingLoss {
  const share = classShares(labels, weights, 2)[1];
  return {
    outputs: 1,
    base: Float64Array.of(Math.log(share / (1 - share))),
    derive(raw, [gradients], [hessians]) {
      for (let i = 0; i < labels.length; i++) {
        const p = 1 / (1 + Math.exp(-raw[i]));
        gradients![i] = weights[i] * (p - labels[i]);
        hessians![i] = weights[i] * p * (1 - p);
      }
    },
  };
}

function multinomialLoss(labels: Int32Array, weights: Float64Array, classes: number): BoostingLoss {
  const logs = classShares(labels, weights, classes).map(Math.log);
  const mean = logs.reduce((a, b) => a + b, 0) / classes;
  const p = new Float64Array(classes);
  return {
    outputs: classes,
    base: logs.map((value) => value - mean),
    derive(raw, gradients, hessians) {
      for (let i = 0; i < labels.length; i++) {
        let top = Number.NEGATIVE_INFINITY;
        for (let k = 0; k < classes; k++) top = Math.max(top, raw[i * classes + k]);
        let sum = 0;
        for (let k = 0; k < classes; k++) {
          p[k] = Math.exp(raw[i * classes + k] - top);
          sum += p[k];
        }
        const weight = weights[i];
        for (let k = 0; k < classes; k++) {
          const share = p[k] / sum;
          gradients[k][i] = weight * (share - (labels[i] === k ? 1 : 0));
          hessians[k][i] = weight * share * (1 - share);
        }
      }
    },
  };
}
