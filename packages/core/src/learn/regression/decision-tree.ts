/** One regression tree. */
import { defineRegressor } from "../define-regressor.js";
import { featuresTried, treeParameters } from "../forest/grow-forest.js";
import { fitForestRegressor } from "./forest-regressor.js";

/** Regression tree as scikit-learn's DecisionTreeRegressor has it (CART): squared error, exact splits. */
export const decisionTreeRegressor = defineRegressor({
  kind: "decision-tree",
  summary: "Decision tree: rules that can be read, rarely the best values",
  parameters: { maxFeatures: featuresTried(["all", "sqrt", "log2"]), ...treeParameters },
  standardize: false,
  fitCore: (rows) => fitForestRegressor(rows, { count: 1, bootstrap: false, splits: "best" }),
});
