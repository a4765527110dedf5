/** One tree, of classes or of values. */
import { defineClassifier, defineRegressor } from "./define-estimator.js";
import { fitForestClassifier, fitForestRegressor } from "./forest/forest-core.js";
import { featuresTried, treeParameters } from "./forest/grow-forest.js";

const parameters = { maxFeatures: featuresTried(["all", "sqrt", "log2"]), ...treeParameters };
const plan = { count: 1, bootstrap: false, splits: "best" } as const;

/**
 * Decision tree as scikit-learn's DecisionTreeClassifier has it (CART: Breiman and others 1984): Gini impurity, exact splits,
 * every feature tried at every node, in an order that the seed decides where splits are equally good.
 */
export const decisionTree = defineClassifier({
  kind: "decision-tree",
  summary: "Decision tree: rules that can be read, rarely the best scores",
  parameters,
  standardize: false,
  fitCore: (rows) => fitForestClassifier(rows, plan),
});

/** Regression tree as scikit-learn's DecisionTreeRegressor has it (CART): squared error, exact splits. */
export const decisionTreeRegressor = defineRegressor({
  kind: "decision-tree",
  summary: "Decision tree: rules that can be read, rarely the best values",
  parameters,
  standardize: false,
  fitCore: (rows) => fitForestRegressor(rows, plan),
});
