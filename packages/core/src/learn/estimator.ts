/** What an estimator and a model are. */
import type { FeatureTable } from "../data/feature-table.js";
import type { Matrix } from "../math/matrix.js";
import type { Random } from "../math/random.js";
import type { GraphBuilder } from "../onnx/graph-builder.js";

/** Class targets of n utterances. */
export interface ClassTargets {
  /** The classes, in the order of the model's scores; at least two. */
  readonly classes: readonly string[];
  /** Index into `classes`, one an utterance. */
  readonly labels: Int32Array;
  /**
   * Utterances × classes: the part of the raters that heard each class, or how many did; a row counts by its shares, one without
   * any vote by its label. Learnt from in place of `labels` where the hyper-parameter `learnFrom` is "votes".
   */
  readonly votes?: Matrix | undefined;
  /** Weight of each utterance, 1 when absent. */
  readonly weights?: Float32Array | undefined;
  /** Group of each utterance (its speaker, by index): folds inside a fit keep a group together. */
  readonly groups?: Int32Array | undefined;
}

/** What a fit needs from outside: chance, a way to stop, a way to tell how far it is. */
export interface FitContext {
  readonly random: Random;
  /** Any `AbortSignal` fits. */
  readonly signal?: { readonly aborted: boolean; throwIfAborted(): void } | undefined;
  /** Called with the part done, 0..1. */
  readonly onProgress?: (part: number) => void;
  /** Lets the host's event loop run, between pieces of work: without it a signal cannot fire during a fit. */
  readonly pause?: (() => Promise<void>) | undefined;
}

/** Frozen hyper-parameters plus `fit`, which returns a new model and changes nothing. */
export interface Estimator<Params = Readonly<Record<string, unknown>>> {
  /** Such as `logistic-regression`. */
  readonly kind: string;
  /** All hyper-parameters, defaults filled in; survives JSON. */
  readonly params: Params;
  /**
   * Returns a fitted model.
   * @throws UndertoneError `learn/single-class`, `learn/too-few-rows`, `learn/not-finite`, `learn/bad-parameter`, `cancelled`.
   */
  fit(table: FeatureTable, targets: ClassTargets, context: FitContext): Promise<Model>;
}

/** An estimator's entry in the list: its name, its hyper-parameters, and how to make one. */
export interface EstimatorFactory {
  readonly kind: string;
  /** One sentence for lists and help. */
  readonly summary: string;
  /** Hyper-parameter -> default and what it accepts, in words. */
  readonly parameters: Readonly<Record<string, { readonly default: unknown; readonly expected: string }>>;
  /**
   * Returns an estimator with the given hyper-parameters and the defaults of the others.
   * @throws UndertoneError `learn/bad-parameter`.
   */
  create(params?: Readonly<Record<string, unknown>>): Estimator;
}

/** A fitted model. */
export interface Model {
  readonly kind: string;
  readonly classes: readonly string[];
  /** How many feature columns it takes. */
  readonly features: number;
  /** Returns utterances × classes scores: each row is non-negative and sums to 1. */
  predict(table: FeatureTable): Promise<Matrix>;
  /** Adds the model's nodes to a graph under construction; returns the name of the scores, [N, classes] float32. */
  emit(graph: GraphBuilder, input: string): string;
  /** Returns a complete ONNX model: input `features` [N, F] float32, output `scores` [N, classes] float32. */
  toOnnx(): Uint8Array;
}
