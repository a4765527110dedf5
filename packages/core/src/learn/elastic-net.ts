/** Least squares with L1 and L2 penalties. */
import { defineRegressor } from "./define-estimator.js";
import { fitElasticNet } from "./linear/fit-elastic-net.js";
import { linearValues } from "./linear/linear-core.js";
import { integerFrom, positive, share } from "./parameters.js";

/**
 * The elastic net (Zou and Hastie 2005) as scikit-learn's ElasticNet has it:
 * 1 / (2n) · Σᵢ(yᵢ − w·xᵢ − b)² + alpha · (l1Ratio‖w‖₁ + (1 − l1Ratio) · ½‖w‖²).
 */
export const elasticNet = defineRegressor({
  kind: "elastic-net",
  summary: "Elastic net: chooses features as the lasso does, but keeps correlated ones together",
  parameters: { alpha: positive(0.01), l1Ratio: share(0.5), maxSweeps: integerFrom(1, 10_000) },
  standardize: true,
  async fitCore(rows) {
    const { alpha, l1Ratio, maxSweeps } = rows.params;
    return linearValues(
      await fitElasticNet(rows, { l1: alpha * l1Ratio, l2: alpha * (1 - l1Ratio), maxSweeps }),
    );
  },
});
