/** Joins fitted transformers and a fitted core into one model, and one graph. */

import type { FeatureTable } from "../data/feature-table.js";
import { UndertoneError } from "../errors.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { graphBuilder } from "../onnx/graph-builder.js";
import { expectFinite, expectOneRowEach } from "./check-table.js";
import type { ClassifierCore } from "./classifier-core.js";
import type { Model } from "./estimator.js";
import type { Transformer } from "./transformer.js";

/** The parts of a model of classes. */
export interface ModelParts {
  readonly kind: string;
  readonly classes: readonly string[];
  /** The classes that the core scores, by index, in the core's order. */
  readonly present: readonly number[];
  readonly features: number;
  readonly transformers: readonly Transformer[];
  readonly core: ClassifierCore;
}

/**
 * Returns the rows of a table as a core takes them.
 * @throws UndertoneError `features/mismatch`, `learn/not-finite`.
 */
export function prepareTable(
  table: FeatureTable,
  { kind, features, transformers }: Pick<ModelParts, "kind" | "features" | "transformers">,
): Matrix {
  if (table.frames.cols !== features) {
    throw new UndertoneError(
      "features/mismatch",
      `The model '${kind}' got ${table.frames.cols} features, expected ${features}`,
    );
  }
  expectOneRowEach(kind, table);
  expectFinite(kind, table);
  return transformers.reduce((held, step) => step.transform(held), table.frames);
}

/** A model of classes that also tells its core's decision values. */
export interface DecisionModel extends Model {
  /** Returns the core's decision values of each utterance, or null when the core has none. */
  decisions(table: FeatureTable): Matrix | null;
}

/** Returns the model that runs the transformers in order and then the core. */
export function composeModel({
  kind,
  classes,
  present,
  features,
  transformers,
  core,
}: ModelParts): DecisionModel {
  const prepare = (table: FeatureTable): Matrix => prepareTable(table, { kind, features, transformers });
  const model: DecisionModel = {
    kind,
    classes,
    features,
    async predict(table) {
      const scores = await core.scores(prepare(table));
      if (present.length === classes.length) return scores;
      const all = matrix(scores.rows, classes.length);
      for (let i = 0; i < scores.rows; i++) {
        present.forEach((index, j) => {
          all.data[i * classes.length + index] = scores.data[i * present.length + j];
        });
      }
      return all;
    },
    decisions: (table) => core.decisions?.(prepare(table)) ?? null,
    emit(graph, input) {
      const prepared = transformers.reduce((name, step) => step.emit(graph, name), input);
      const scores = core.emit(graph, prepared);
      if (present.length === classes.length) return scores;
      const place = new Float32Array(present.length * classes.length);
      present.forEach((index, j) => {
        place[j * classes.length + index] = 1;
      });
      return graph.node("MatMul", [scores, graph.constant("place", [present.length, classes.length], place)]);
    },
    toOnnx() {
      const graph = graphBuilder(kind);
      const input = graph.input("features", ["N", features]);
      graph.output("scores", model.emit(graph, input), ["N", classes.length]);
      return graph.toBytes();
    },
  };
  return model;
}
