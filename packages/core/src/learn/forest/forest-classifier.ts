/** What the classifiers made of averaged trees share. */
import { matrix } from "../../math/matrix.js";
import type { ClassifierCore } from "../classifier-core.js";
import type { ClassRows } from "../define-classifier.js";
import { growForest } from "./grow-forest.js";
import { classTarget } from "./split-target.js";
import { emitTrees, ensembleValues } from "./tree-ensemble.js";

type ForestParams = Parameters<typeof growForest>[0]["params"];

/** Returns the core of a forest of classification trees. */
export async function fitForestClassifier(
  { x, labels, classes, weights, params, context }: ClassRows<ForestParams>,
  plan: { count: number; bootstrap: boolean; splits: "best" | "random" },
): Promise<ClassifierCore> {
  const targetOf = (drawn: Float64Array) => classTarget(labels, classes, drawn);
  const ensemble = await growForest({ x, weights, targetOf, params, context, ...plan });
  return {
    scores: (rows) => matrix(rows.rows, classes, Float32Array.from(ensembleValues(ensemble, rows))),
    emit: (graph, input) => emitTrees(ensemble, graph, input),
  };
}
