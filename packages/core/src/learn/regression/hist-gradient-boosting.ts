/** Gradient boosting of values on binned features. */
import { matrix } from "../../math/matrix.js";
import { defineRegressor } from "../define-regressor.js";
import { boost, boostingParameters } from "../forest/boosting.js";
import { emitTrees, ensembleValues } from "../forest/tree-ensemble.js";

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
    return {
      values: (rows) => matrix(rows.rows, outputs, Float32Array.from(ensembleValues(ensemble, rows))),
      emit: (graph, input) => emitTrees(ensemble, graph, input),
    };
  },
});
