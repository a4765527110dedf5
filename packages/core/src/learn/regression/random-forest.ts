/** Random forest of regression trees. */
import { defineRegressor } from "../define-regressor.js";
import { featuresTried, treeParameters } from "../forest/grow-forest.js";
import { integerFrom } from "../parameters.js";
import { fitForestRegressor } from "./forest-regressor.js";

/** Random forest as scikit-learn's RandomForestRegressor has it: bootstrap samples, squared error, exact splits, all features tried. */
export const randomForestRegressor = defineRegressor({
  kind: "random-forest",
  summary:
    "Random forest: hard to get wrong, never says more than it has seen; maxFeatures sqrt is much quicker",
  parameters: {
    trees: integerFrom(1, 100),
    maxFeatures: featuresTried(["all", "sqrt", "log2"]),
    ...treeParameters,
  },
  standardize: false,
  fitCore: (rows) => fitForestRegressor(rows, { count: rows.params.trees, bootstrap: true, splits: "best" }),
});
