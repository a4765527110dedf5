/** Random forest: bootstrapped trees, averaged. */
import { defineClassifier, defineRegressor } from "./define-estimator.js";
import { fitForestClassifier, fitForestRegressor } from "./forest/forest-core.js";
import { featuresTried, treeParameters } from "./forest/grow-forest.js";
import { integerFrom } from "./parameters.js";

const plan = { bootstrap: true, splits: "best" } as const;

/**
 * Random forest as scikit-learn's RandomForestClassifier has it (Breiman 2001, with the trees' class shares averaged instead
 * of their votes): bootstrap samples, Gini impurity, exact splits, √features tried a node, trees grown to pure leaves. Not
 * standardized unless asked: the order of a feature's values is all that a tree sees.
 */
export const randomForest = defineClassifier({
  kind: "random-forest",
  summary: "Random forest of Gini trees: hard to get wrong, needs no scaling, large as a file",
  parameters: {
    trees: integerFrom(1, 300),
    maxFeatures: featuresTried(["sqrt", "log2", "all"]),
    ...treeParameters,
  },
  standardize: false,
  fitCore: (rows) => fitForestClassifier(rows, { count: rows.params.trees, ...plan }),
});

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
  fitCore: (rows) => fitForestRegressor(rows, { count: rows.params.trees, ...plan }),
});
