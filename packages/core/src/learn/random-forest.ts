/** Random forest: bootstrapped Gini trees, probabilities averaged. */
import { defineClassifier } from "./define-classifier.js";
import { fitForestClassifier } from "./forest/forest-classifier.js";
import { featuresTried, treeParameters } from "./forest/grow-forest.js";
import { integerFrom } from "./parameters.js";

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
  fitCore: (rows) => fitForestClassifier(rows, { count: rows.params.trees, bootstrap: true, splits: "best" }),
});
