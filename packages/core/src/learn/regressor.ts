/** What an estimator of values (arousal, valence, dominance) and its model are. */
import type { FeatureTable } from "../data/feature-table.js";
import type { Matrix } from "../math/matrix.js";
import type { GraphBuilder } from "../onnx/graph-builder.js";
import type { EstimatorFactory, FitContext } from "./estimator.js";

/** Value targets of n utterances. */
export interface ValueTargets {
  /** What the values are, in the order of the model's outputs, such as `arousal`; at least one. */
  readonly names: readonly string[];
  /** Utterances × names. */
  readonly values: Matrix;
  /** Weight of each utterance, 1 when absent. */
  readonly weights?: Float32Array | undefined;
  /** Group of each utterance (its speaker, by index). */
  readonly groups?: Int32Array | undefined;
}

/** Frozen hyper-parameters plus `fit`, which returns a new model and changes nothing. */
export interface Regressor<Params = Readonly<Record<string, unknown>>> {
  readonly kind: string;
  /** All hyper-parameters, defaults filled in; survives JSON. */
  readonly params: Params;
  /**
   * Returns a fitted model; every name is learnt as if it were alone, except by trees of a forest, which share their splits.
   * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`, `learn/no-convergence`, `cancelled`.
   */
  fit(table: FeatureTable, targets: ValueTargets, context: FitContext): Promise<ValueModel>;
}

/** A regressor's entry in the list. */
export interface RegressorFactory extends Omit<EstimatorFactory, "create"> {
  /** @throws UndertoneError `learn/bad-parameter`. */
  create(params?: Readonly<Record<string, unknown>>): Regressor;
}

/** A fitted model of values. */
export interface ValueModel {
  readonly kind: string;
  readonly names: readonly string[];
  /** How many feature columns it takes. */
  readonly features: number;
  /** Returns utterances × names values, in the unit of the targets. */
  predict(table: FeatureTable): Promise<Matrix>;
  /** Adds the model's nodes to a graph under construction; returns the name of the values, [N, names] float32. */
  emit(graph: GraphBuilder, input: string): string;
  /** Returns a complete ONNX model: input `features` [N, F] float32, output `values` [N, names] float32. */
  toOnnx(): Uint8Array;
}
