/** Forests of averaged trees as cores of classes and of values. */
import { matrix } from "../../math/matrix.js";
import type { ClassRows, Core, ValueRows } from "../define-estimator.js";
import { growForest } from "./grow-forest.js";
import { classTarget, valueTarget } from "./split-target.js";
import { emitTrees, ensembleValues, type TreeEnsemble } from "./tree-ensemble.js";

type ForestParams = Parameters<typeof growForest>[0]["params"];

/** How many trees, and how each is grown. */
type ForestPlan = Pick<Parameters<typeof growForest>[0], "count" | "bootstrap" | "splits">;

/** Returns the core of a forest of classification trees. */
export async function fitForestClassifier(
  { x, labels, classes, weights, params, context }: ClassRows<ForestParams>,
  plan: ForestPlan,
): Promise<Core> {
  const targetOf = (drawn: Float64Array) => classTarget(labels, classes, drawn);
  return treesCore(await growForest({ x, weights, targetOf, params, context, ...plan }));
}

/** Returns the core of a forest of regression trees. */
export async function fitForestRegressor(
  { x, targets, outputs, weights, params, context }: ValueRows<ForestParams>,
  plan: ForestPlan,
): Promise<Core> {
  const targetOf = (drawn: Float64Array) => valueTarget(targets, outputs, drawn);
  return treesCore(await growForest({ x, weights, targetOf, params, context, ...plan }));
}

/** Returns the core whose outputs are what the trees say together. */
export function treesCore(ensemble: TreeEnsemble): Core {
  return {
    apply: (x) => matrix(x.rows, ensemble.outputs, Float32Array.from(ensembleValues(ensemble, x))),
    emit: (graph, input) => emitTrees(ensemble, graph, input),
  };
}
