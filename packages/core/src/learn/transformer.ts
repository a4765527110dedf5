/** What a fitted transformer is: a step before a model that becomes part of the model's graph. */
import type { Matrix } from "../math/matrix.js";
import type { GraphBuilder } from "../onnx/graph-builder.js";

/** A fitted step from features to features, such as standardization. */
export interface Transformer {
  readonly kind: string;
  /** How many columns it takes and how many it gives. */
  readonly inputs: number;
  readonly outputs: number;
  /** Returns a new matrix of the same rows, computed in float32 as the graph computes it. */
  transform(x: Matrix): Matrix;
  /** Adds the step's nodes to a graph; returns the name of the result. */
  emit(graph: GraphBuilder, input: string): string;
}
