/** Joins fitted transformers and a fitted core into one model, and one graph. */
import type { FeatureTable } from "../data/feature-table.js";
import { UndertoneError } from "../errors.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { type GraphBuilder, graphBuilder } from "../onnx/graph-builder.js";
import { expectFinite, expectOneRowEach } from "./check-table.js";
import type { Model, PerHead } from "./estimator.js";
import type { Transformer } from "./transformer.js";

/** What the part of a model is that an estimator's own mathematics make: the heads of the targets that it was fitted on. */
export interface ModelCore {
  /** Returns rows × classes scores of the classes that rows had, each row non-negative with sum 1, and rows × names values. */
  apply(x: Matrix): PerHead<Matrix> | Promise<PerHead<Matrix>>;
  /** Adds the core's nodes to a graph; returns the names of its outputs. */
  emit(graph: GraphBuilder, input: string): PerHead<string>;
  /** Returns the core's own decision values (logits, margins, pairwise margins), where it has them. */
  decisions?: ((x: Matrix) => Matrix) | undefined;
}

/** A model that also tells its core's decision values. */
export interface DecisionModel extends Model {
  /** Returns the core's decision values of each utterance, or null when the core has none. */
  decisions(table: FeatureTable): Matrix | null;
}

/** Returns the model whose graph is what it emits. */
export function withGraph<M extends Omit<Model, "toOnnx">>(model: M): M & Pick<Model, "toOnnx"> {
  const { kind, features, heads } = model;
  return {
    ...model,
    toOnnx() {
      const graph = graphBuilder(kind);
      const { scores, dimensions } = model.emit(graph, graph.input("features", ["N", features]));
      if (scores !== undefined) graph.output("scores", scores, ["N", heads.scores!.classes.length]);
      if (dimensions !== undefined) graph.output("values", dimensions, ["N", heads.dimensions!.names.length]);
      return graph.toBytes();
    },
  };
}

/**
 * Returns when a model that takes so many features can take the table.
 * @throws UndertoneError `features/mismatch`.
 */
export function expectFeatures(
  { kind, features }: Pick<Model, "kind" | "features">,
  table: FeatureTable,
): void {
  if (table.frames.cols !== features) {
    throw new UndertoneError(
      "features/mismatch",
      `The model '${kind}' got ${table.frames.cols} features, expected ${features}`,
    );
  }
  expectOneRowEach(kind, table);
}

/** Returns the model that runs the transformers in order and then the core; `present` are the classes that the core scores, in its order. */
export function composeModel({
  transformers,
  core,
  present,
  ...model
}: Pick<Model, "kind" | "heads" | "features"> & {
  readonly transformers: readonly Transformer[];
  readonly core: ModelCore;
  readonly present: readonly number[];
}): DecisionModel {
  const count = model.heads.scores?.classes.length ?? 0;
  const prepare = (table: FeatureTable): Matrix => {
    expectFeatures(model, table);
    expectFinite(model.kind, table);
    return transformers.reduce((held, step) => step.transform(held), table.frames);
  };
  return withGraph<Omit<DecisionModel, "toOnnx">>({
    ...model,
    async predict(table) {
      const found = await core.apply(prepare(table));
      const { scores } = found;
      if (!scores || present.length === count) return found;
      const all = matrix(scores.rows, count);
      for (let i = 0; i < scores.rows; i++) {
        present.forEach((index, j) => {
          all.data[i * count + index] = scores.data[i * present.length + j];
        });
      }
      return { ...found, scores: all };
    },
    decisions: (table) => core.decisions?.(prepare(table)) ?? null,
    emit(graph, input) {
      const found = core.emit(
        graph,
        transformers.reduce((name, step) => step.emit(graph, name), input),
      );
      if (found.scores === undefined || present.length === count) return found;
      const place = new Float32Array(present.length * count);
      present.forEach((index, j) => {
        place[j * count + index] = 1;
      });
      const placed = graph.constant("place", [present.length, count], place);
      return { ...found, scores: graph.node("MatMul", [found.scores, placed]) };
    },
  });
}
