/** Fits an estimator on the training part of every split, for what it says of the split's test part. */
import type { FeatureTable, FeatureView } from "../data/feature-table.js";
import type { Split } from "../data/split.js";
import type { TrainingSet } from "../data/training-set.js";
import { stopIfAborted, UndertoneError } from "../errors.js";
import type { Estimator, FitContext, Model } from "../learn/estimator.js";
import { meanOf } from "../math/matrix.js";
import { random } from "../math/random.js";
import { type ClassFold, classFold } from "./class-fold.js";
import type { ValuedUtterance } from "./evaluation-result.js";
import {
  lessonsOf,
  lookUp,
  type TaughtRow,
  type Teaching,
  taughtRows,
  taughtTo,
  valuedUtterances,
} from "./taught-rows.js";

/** What determines the folds' models and what they say. */
export interface FoldFits extends Teaching, Pick<TrainingSet, "dataset" | "table" | "beside"> {
  /** As in a `TrainingSet`, of which this is one; default `table` alone. */
  readonly train?: readonly FeatureView[] | undefined;
  readonly test?: readonly FeatureView[] | undefined;
  readonly splits: readonly Split[];
  /** It learns what it says of the classes and values that are given. */
  readonly estimator: Estimator;
  /**
   * A calibration, such as `temperature`, fitted in each fold on inner folds of its training part, whose speakers are known as far as the
   * test speakers are; default: scores as they are.
   */
  readonly calibration?: string | undefined;
  readonly seed: number;
  /** Called with the part done, 0..1, and the name of the fold at work. */
  readonly onProgress?: (part: number, fold: string) => void;
  readonly signal?: NonNullable<FitContext["signal"]> | undefined;
  readonly pause?: NonNullable<FitContext["pause"]> | undefined;
}

/** A split's model, and what it says of the split: of classes, of values, or of both. */
export interface FittedFold {
  readonly name: string;
  readonly model: Model;
  readonly classes?: ClassFold | undefined;
  readonly values?: ValueFold | undefined;
}

/** The values of a split. */
export interface ValueFold {
  /** Training utterances that have every value. */
  readonly trainCount: number;
  /** Returns the values of the test part, or those that the same model gives the training part. */
  predict(part?: "test" | "train"): Promise<ValuedUtterance[]>;
}

/**
 * Yields each split's fit. The estimator, and with it whatever it fits (scaler, class weights), sees `split.train` only;
 * `split.dev` is held out of both.
 * @throws UndertoneError `split/invalid`, `features/mismatch` when a table lacks an utterance, `label-map/unmapped`, `cancelled`, and
 * what the estimator throws.
 */
export async function* fitFolds(input: FoldFits): AsyncGenerator<FittedFold> {
  const { dataset, table, splits, estimator, seed, onProgress, signal, pause } = input;
  const taught = taughtTo(estimator, input);
  const { labelMap, values: names } = taught;
  const { train: trainViews = [{ speed: 1, table }], test: tested = [{ speed: 1, table }], beside } = input;
  const takes = tested.map((one) => lookUp(one.table));
  const testViews: Views = (rows) => takes.map((take) => take(rows));
  const lesson = lessonsOf({ train: trainViews, beside });
  const fitOn = (one: Estimator, what: Teaching, rows: readonly TaughtRow[], context: FitContext) => {
    const { table: heard, targets } = lesson(rows, what);
    return one.fit(heard, targets, context);
  };
  const byId = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  for (const [f, split] of splits.entries()) {
    stopIfAborted(signal, `Evaluation stopped on request after ${f} of ${splits.length} folds`);
    onProgress?.(f / splits.length, split.name);
    const [train, test] = (["train", "test"] as const).map((part) =>
      taughtRows(
        split[part].map((id) => {
          const utterance = byId.get(id);
          if (utterance) return utterance;
          throw new UndertoneError(
            "split/invalid",
            `Split '${split.name}' names '${id}' in its ${part} part, expected an utterance of '${dataset.name}'`,
          );
        }),
        taught,
      ),
    ) as [TaughtRow[], TaughtRow[]];
    const parts = (
      has: (row: TaughtRow) => boolean,
      what: string,
    ): { train: TaughtRow[]; test: TaughtRow[] } => {
      const own = { train: train.filter(has), test: test.filter(has) };
      if (own.train.length > 0 && own.test.length > 0) return own;
      throw new UndertoneError(
        "split/invalid",
        `Split '${split.name}' has ${own.train.length} training and ${own.test.length} test utterances with ${what}, expected at least 1 of each`,
      );
    };
    const labelled = labelMap && scorable(parts(({ label }) => label >= 0, "a class"));
    const valued = names && parts(({ values }) => values !== undefined, names.join(", "));
    const context = { random: random(seed).fork(split.name), signal, pause };
    const model = await fitOn(estimator, taught, train, {
      ...context,
      onProgress: (part) => onProgress?.((f + part) / splits.length, split.name),
    });
    stopIfAborted(signal, `Evaluation stopped on request after ${f} of ${splits.length} folds`);
    yield {
      name: split.name,
      model,
      classes:
        labelled &&
        classFold({
          ...{ name: split.name, model, labelMap: labelMap!, ...labelled, context, seed },
          asItIs: lookUp(table),
          heard: testViews,
          // Where the values are learnt apart, the folds inside a fold have no use for them.
          fit: (rows, to) =>
            estimator.parts
              ? fitOn(estimator.parts.classes, { labelMap }, rows, to)
              : fitOn(estimator, taught, rows, to),
          calibration: input.calibration ?? "none",
        }),
      values: valued && {
        trainCount: valued.train.length,
        predict: (part = "test") =>
          predictValues(model, valued[part], { heard: testViews, fold: split.name }),
      },
    };
  }
  if (splits.length > 0) onProgress?.(1, splits.at(-1)!.name);
}

/** Returns the rows without the test rows of classes that training lacks, which no model could know; undefined where none is left. */
function scorable(rows: {
  readonly train: TaughtRow[];
  readonly test: TaughtRow[];
}): { train: TaughtRow[]; test: TaughtRow[] } | undefined {
  const learnt = new Set(rows.train.map(({ label }) => label));
  const test = rows.test.filter(({ label }) => learnt.has(label));
  return test.length > 0 ? { train: rows.train, test } : undefined;
}

/** Takes the features of rows in each way that a part is heard. */
type Views = (rows: readonly TaughtRow[]) => FeatureTable[];

/** Returns the means of the values over the ways in which the rows are heard. */
async function predictValues(
  model: Model,
  rows: readonly TaughtRow[],
  { heard, fold }: { heard: Views; fold: string },
): Promise<ValuedUtterance[]> {
  const { data, cols } = meanOf(
    await Promise.all(heard(rows).map(async (table) => (await model.predict(table)).dimensions!)),
  );
  const predicted = rows.map((_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));
  return valuedUtterances(rows, predicted, fold);
}
