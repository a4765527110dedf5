/** Extremely randomized regression trees. */
import { defineRegressor } from "../define-regressor.js";
import { featuresTried, treeParameters } from "../forest/grow-forest.js";
import { integerFrom } from "../parameters.js";
import { fitForestRegressor } from "./forest-regressor.js";

/** Extra trees as scikit-learn's ExtraTreesRegressor has them: all rows, one threshold drawn for each feature, all features tried. */
export const extraTreesRegressor = defineRegressor({
  kind: "extra-trees",
  summary: "Extremely randomized trees: quicker than a random forest and smoother",
  parameters: {
    trees: integerFrom(1, 100),
    maxFeatures: featuresTried(["all", "sqrt", "log2"]),
    ...treeParameters,
  },
  standardize: false,
  fitCore: (rows) =>
    fitForestRegressor(rows, { count: rows.params.trees, bootstrap: false, splits: "random" }),
});
