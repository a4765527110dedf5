/** Least squares with an L1 penalty. */
import { defineRegressor } from "./define-estimator.js";
import { fitElasticNet } from "./linear/fit-elastic-net.js";
import { linearValues } from "./linear/linear-core.js";
import { integerFrom, positive } from "./parameters.js";

/** The lasso (Tibshirani 1996) as scikit-learn's Lasso has it: 1 / (2n) · Σᵢ(yᵢ − w·xᵢ − b)² + alpha‖w‖₁. */
export const lasso = defineRegressor({
  kind: "lasso",
  summary: "Lasso: least squares that chooses few of the features",
  parameters: { alpha: positive(0.01), maxSweeps: integerFrom(1, 10_000) },
  standardize: true,
  fitCore: async (rows) =>
    linearValues(
      await fitElasticNet(rows, { l1: rows.params.alpha, l2: 0, maxSweeps: rows.params.maxSweeps }),
    ),
});
