/** Extra trees: as a random forest, with thresholds drawn at random on all rows. */
import { defineClassifier, defineRegressor } from "./define-estimator.js";
import { fitForestClassifier, fitForestRegressor } from "./forest/forest-core.js";
import { featuresTried, treeParameters } from "./forest/grow-forest.js";
import { integerFrom } from "./parameters.js";

const plan = { bootstrap: false, splits: "random" } as const;

/**
 * Extremely randomized trees (Geurts, Ernst and Wehenkel 2006) as scikit-learn's ExtraTreesClassifier has them: no
 * bootstrap, √features tried a node, one threshold drawn between the extremes of each.
 */
export const extraTrees = defineClassifier({
  kind: "extra-trees",
  summary:
    "Extremely randomized trees: quicker than a random forest and smoother, good with many noisy features",
  parameters: {
    trees: integerFrom(1, 300),
    maxFeatures: featuresTried(["sqrt", "log2", "all"]),
    ...treeParameters,
  },
  standardize: false,
  fitCore: (rows) => fitForestClassifier(rows, { count: rows.params.trees, ...plan }),
});

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
  fitCore: (rows) => fitForestRegressor(rows, { count: rows.params.trees, ...plan }),
});
