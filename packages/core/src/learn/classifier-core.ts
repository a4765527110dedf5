/** What the part of a model is that an estimator's own mathematics make. */
import type { Matrix } from "../math/matrix.js";
import type { GraphBuilder } from "../onnx/graph-builder.js";

/** A fitted core: scores of the classes that it was fitted on. */
export interface ClassifierCore {
  /** Returns rows × classes scores, each row non-negative with sum 1. */
  scores(x: Matrix): Matrix | Promise<Matrix>;
  /** Adds the core's nodes to a graph; returns the name of the scores. */
  emit(graph: GraphBuilder, input: string): string;
  /** Returns the core's own decision values (logits, margins, pairwise margins), where it has them. */
  decisions?(x: Matrix): Matrix;
}
