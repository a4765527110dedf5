/** One graph of a model of classes and a model of values, which hear the same features. */
import type { Model } from "../learn/estimator.js";
import type { ValueModel } from "../learn/regressor.js";
import { graphBuilder } from "../onnx/graph-builder.js";

/**
 * Returns the ONNX model of both: input `features` [N, F], outputs `scores` [N, classes] and `values` [N, names], all float32.
 * @throws RangeError when they take different numbers of features.
 */
export function modelGraph(scores: Model, values: ValueModel): Uint8Array {
  if (scores.features !== values.features)
    throw new RangeError(
      `modelGraph: '${scores.kind}' takes ${scores.features} features, '${values.kind}' ${values.features}`,
    );
  const graph = graphBuilder(scores.kind);
  const input = graph.input("features", ["N", scores.features]);
  const [first, second] = [scores.emit(graph, input), values.emit(graph, input)];
  graph.output("scores", first, ["N", scores.classes.length]);
  graph.output("values", second, ["N", values.names.length]);
  return graph.toBytes();
}
