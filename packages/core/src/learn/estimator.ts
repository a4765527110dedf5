/** What an estimator learns from, what it is, and what a model is. */

import type { FeatureTable } from "../data/feature-table.js";
import type { StopSignal } from "../errors.js";
import type { Matrix } from "../math/matrix.js";
import type { Random } from "../math/random.js";
import type { GraphBuilder } from "../onnx/graph-builder.js";

/** What goes with the rows of any targets. */
export interface TargetRows {
  /** Weight of each utterance, 1 when absent. */
  readonly weights?: Float32Array | undefined;
  /** Group of each utterance (its speaker, by index): folds inside a fit keep a group together. */
  readonly groups?: Int32Array | undefined;
  /** Domain of each utterance (its corpus, by index), where they are of several. */
  readonly domains?: Int32Array | undefined;
}

/** Class targets of n utterances. */
export interface ClassTargets extends TargetRows {
  /** The classes, in the order of the model's scores; at least two. */
  readonly classes: readonly string[];
  /** Index into `classes`, one an utterance; −1 for one without a class, which may stand beside values only. */
  readonly labels: Int32Array;
  /**
   * Utterances × classes: the part of the raters that heard each class, or how many did; a row counts by its shares, one without
   * any vote by its label. Learnt from in place of `labels` where the hyper-parameter `learnFrom` is "votes".
   */
  readonly votes?: Matrix | undefined;
}

/** Value targets (arousal, valence, dominance) of n utterances. */
export interface ValueTargets extends TargetRows {
  /** What the values are, in the order of the model's outputs, such as `arousal`; at least one. */
  readonly names: readonly string[];
  /** Utterances × names; a row of NaN for an utterance without values, which may stand beside classes only. */
  readonly values: Matrix;
}

/** What n utterances teach: classes, values, or both. */
export type Targets = ClassTargets | ValueTargets | (ClassTargets & ValueTargets);

/** Which of them. */
export type TargetKind = "classes" | "values" | "both";

/** Returns what the targets are. */
export function targetKind(targets: Targets): TargetKind {
  if (!("labels" in targets)) return "values";
  return "values" in targets ? "both" : "classes";
}

/** What a fit needs from outside: chance, a way to stop, a way to tell how far it is. */
export interface FitContext {
  readonly random: Random;
  readonly signal?: StopSignal | undefined;
  /** Called with the part done, 0..1. */
  readonly onProgress?: (part: number) => void;
  /** Lets the host's event loop run, between pieces of work: without it a signal cannot fire during a fit. */
  readonly pause?: (() => Promise<void>) | undefined;
}

/** Frozen hyper-parameters plus `fit`, which returns a new model and changes nothing. */
export interface Estimator<Params = Readonly<Record<string, unknown>>> {
  /** Such as `logistic-regression`. */
  readonly kind: string;
  /** What it learns; `fit` takes such targets only. */
  readonly learns: TargetKind;
  /** All hyper-parameters, defaults filled in; survives JSON. */
  readonly params: Params;
  /** The estimators that it is put together from, one for each head; absent for one that learns all by itself. */
  readonly parts?: { readonly classes: Estimator; readonly values: Estimator };
  /**
   * Returns a fitted model. Every value is learnt as if it were alone, except by trees of a forest, which share their splits.
   * @throws UndertoneError `learn/single-class`, `learn/too-few-rows`, `learn/not-finite`, `learn/no-convergence`, `learn/bad-parameter`, `cancelled`.
   */
  fit(table: FeatureTable, targets: Targets, context: FitContext): Promise<Model>;
}

/** An estimator's entry in the list: its name, what it may learn, its hyper-parameters, and how to make one. */
export interface EstimatorFactory {
  readonly kind: string;
  /** The targets that estimators of it may learn. Two entries of one kind learn different targets. */
  readonly learns: readonly TargetKind[];
  /** One sentence for lists and help. */
  readonly summary: string;
  /** Hyper-parameter -> default and what it accepts, in words. */
  readonly parameters: Readonly<Record<string, { readonly default: unknown; readonly expected: string }>>;
  /**
   * Returns an estimator with the given hyper-parameters and the defaults of the others, of the first targets that it may learn unless told.
   * @throws UndertoneError `learn/bad-parameter`.
   */
  create(params?: Readonly<Record<string, unknown>>, learns?: TargetKind): Estimator;
}

/** Something for each head of a model that has that head: scores of classes, values of dimensions. */
export interface PerHead<T> {
  readonly scores?: T | undefined;
  readonly dimensions?: T | undefined;
}

/** The heads of a model: what its outputs are, column by column; one at least. */
export interface Heads {
  readonly scores?: { readonly classes: readonly string[] } | undefined;
  readonly dimensions?: { readonly names: readonly string[] } | undefined;
}

/** A fitted model. */
export interface Model {
  readonly kind: string;
  readonly heads: Heads;
  /** How many feature columns it takes. */
  readonly features: number;
  /**
   * Returns one row an utterance for each head: scores are non-negative and sum to 1 in each row, dimensions have the unit of the targets.
   * @throws UndertoneError `features/mismatch`, `learn/not-finite`.
   */
  predict(table: FeatureTable): Promise<PerHead<Matrix>>;
  /** Adds the model's nodes to a graph under construction; returns the name of each head's output, [N, columns] float32. */
  emit(graph: GraphBuilder, input: string): PerHead<string>;
  /** Returns a complete ONNX model: input `features` [N, F], outputs `scores` [N, classes] and `values` [N, names], all float32. */
  toOnnx(): Uint8Array;
}
