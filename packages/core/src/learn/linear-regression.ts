/** Least squares. */
import { defineRegressor } from "./define-estimator.js";
import { linearValues } from "./linear/linear-core.js";
import { fitRidge } from "./ridge/fit-ridge.js";

/** This part of a row's mean squared length keeps the solution defined, and in effect of least norm, where columns depend on each other. */
const floor = 1e-9;

/** Ordinary least squares as scikit-learn's LinearRegression has it; of many solutions the one of least norm. */
export const linearRegression = defineRegressor({
  kind: "linear-regression",
  summary: "Least squares: the baseline, for few features and many rows",
  parameters: {},
  standardize: true,
  fitCore: async (rows) => linearValues(await fitRidge(rows, (scale) => floor * scale)),
});
