/** Extra trees: as a random forest, with thresholds drawn at random on all rows. */
import { defineClassifier } from "./define-classifier.js";
import { fitForestClassifier } from "./forest/forest-classifier.js";
import { featuresTried, treeParameters } from "./forest/grow-forest.js";
import { integerFrom } from "./parameters.js";

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
  fitCore: (rows) =>
    fitForestClassifier(rows, { count: rows.params.trees, bootstrap: false, splits: "random" }),
});
