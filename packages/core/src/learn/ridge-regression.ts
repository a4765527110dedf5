/** Least squares with an L2 penalty. */
import { defineRegressor } from "./define-estimator.js";
import { linearValues } from "./linear/linear-core.js";
import { positive } from "./parameters.js";
import { fitRidge } from "./ridge/fit-ridge.js";

/** Ridge regression (Hoerl and Kennard 1970) as scikit-learn's Ridge has it: Σᵢ weightᵢ(yᵢ − w·xᵢ − b)² + alpha‖w‖². */
export const ridgeRegression = defineRegressor({
  kind: "ridge-regression",
  summary: "Ridge regression: the first thing to try, for many correlated features",
  parameters: { alpha: positive(1) },
  standardize: true,
  fitCore: async (rows) => linearValues(await fitRidge(rows, () => rows.params.alpha)),
});
