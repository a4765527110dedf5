/** One classification tree. */
import { defineClassifier } from "./define-classifier.js";
import { fitForestClassifier } from "./forest/forest-classifier.js";
import { featuresTried, treeParameters } from "./forest/grow-forest.js";

/**
 * Decision tree as scikit-learn's DecisionTreeClassifier has it (CART: Breiman and others 1984): Gini impurity, exact splits,
 * every feature tried at every node, in an order that the seed decides where splits are equally good.
 */
export const decisionTree = defineClassifier({
  kind: "decision-tree",
  summary: "Decision tree: rules that can be read, rarely the best scores",
  parameters: { maxFeatures: featuresTried(["all", "sqrt", "log2"]), ...treeParameters },
  standardize: false,
  fitCore: (rows) => fitForestClassifier(rows, { count: 1, bootstrap: false, splits: "best" }),
});
