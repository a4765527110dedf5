/** What the regressors made of averaged trees share. */
import { matrix } from "../../math/matrix.js";
import type { ValueCore, ValueRows } from "../define-regressor.js";
import { growForest } from "../forest/grow-forest.js";
import { valueTarget } from "../forest/split-target.js";
import { emitTrees, ensembleValues } from "../forest/tree-ensemble.js";

type ForestParams = Parameters<typeof growForest>[0]["params"];

/** Returns the core of a forest of regression trees. */
export async function fitForestRegressor(
  { x, targets, outputs, weights, params, context }: ValueRows<ForestParams>,
  plan: { count: number; bootstrap: boolean; splits: "best" | "random" },
): Promise<ValueCore> {
  const targetOf = (drawn: Float64Array) => valueTarget(targets, outputs, drawn);
  const ensemble = await growForest({ x, weights, targetOf, params, context, ...plan });
  return {
    values: (rows) => matrix(rows.rows, outputs, Float32Array.from(ensembleValues(ensemble, rows))),
    emit: (graph, input) => emitTrees(ensemble, graph, input),
  };
}
