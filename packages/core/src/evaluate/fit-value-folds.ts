/** Fits a regressor on the training part of every split, and gives its values of the test part. */
import { type FeatureTable, type HeardTable, stackTables, takeUtterances } from "../data/feature-table.js";
import type { Split } from "../data/split.js";
import type { Dataset, DimensionName, Utterance } from "../data/utterance.js";
import { UndertoneError } from "../errors.js";
import type { Estimator, FitContext, Model, ValueTargets } from "../learn/estimator.js";
import { groupIndices } from "../learn/group-indices.js";
import { matrixFromRows, meanOf } from "../math/matrix.js";
import { random } from "../math/random.js";

/** What determines the folds' models and values. */
export interface ValueFits {
  readonly dataset: Dataset;
  /** One row for each utterance that the splits name and that has every value asked for; others are ignored. */
  readonly table: FeatureTable;
  /** The same utterances as the training part is heard: one copy from each table; default `table` alone. No test part is copied. */
  readonly trainHeard?: readonly HeardTable[] | undefined;
  /** The same utterances as the test part is heard: values are averaged over the tables; default `table` alone. */
  readonly testHeard?: readonly HeardTable[] | undefined;
  /** What is predicted. */
  readonly names: readonly DimensionName[];
  readonly splits: readonly Split[];
  readonly regressor: Estimator;
  readonly seed: number;
  readonly onProgress?: (part: number, fold: string) => void;
  readonly signal?: NonNullable<FitContext["signal"]> | undefined;
  readonly pause?: NonNullable<FitContext["pause"]> | undefined;
}

/** Predicted and rated values of one test utterance, in the order of the names. */
export interface ValuedUtterance {
  readonly id: string;
  readonly speaker: string;
  readonly fold: string;
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
}

/** A split's model of values, and what it says of the split's test part. */
export interface FittedValueFold {
  readonly name: string;
  readonly trainCount: number;
  readonly predictions: readonly ValuedUtterance[];
  /** Returns the values that the same model gives the training part. */
  ofTraining(): Promise<ValuedUtterance[]>;
}

/** Returns the values of an utterance, or undefined when one is missing. */
export function valuesOf(
  { dimensions }: Pick<Utterance, "dimensions">,
  names: readonly DimensionName[],
): number[] | undefined {
  const values = names.map((name) => dimensions?.[name]);
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** An utterance that has every value. */
export interface RatedUtterance {
  readonly utterance: Utterance;
  readonly values: readonly number[];
}

/** Returns the tables one below the other and the values that go with them: what a regressor is fitted on. */
export function valueTraining(
  rated: readonly RatedUtterance[],
  names: readonly DimensionName[],
  tables: readonly FeatureTable[],
): { table: FeatureTable; targets: ValueTargets } {
  const copies = tables.flatMap(() => rated);
  return {
    table: stackTables(tables),
    targets: {
      names,
      values: matrixFromRows(copies.map(({ values }) => values)),
      groups: groupIndices(copies.map(({ utterance }) => utterance.speaker)),
    },
  };
}

/** Returns the mean of a model's values over the ways in which utterances are heard, one row an utterance. */
export async function meanValues(
  model: Pick<Model, "predict">,
  tables: readonly FeatureTable[],
): Promise<number[][]> {
  const { data, rows, cols } = meanOf(
    await Promise.all(tables.map(async (table) => (await model.predict(table)).dimensions!)),
  );
  return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));
}

/**
 * Yields each split's fit; the regressor sees `split.train` only.
 * @throws UndertoneError `split/invalid`, `features/mismatch`, `cancelled`, and what the regressor throws.
 */
export async function* fitValueFolds(input: ValueFits): AsyncGenerator<FittedValueFold> {
  const { dataset, names, splits, regressor, seed, onProgress, signal, pause } = input;
  const heard = [{ speed: 1, table: input.table }];
  const [trainViews, testViews] = [input.trainHeard ?? heard, input.testHeard ?? heard].map((views) =>
    views.map(({ table }) => lookUp(table)),
  ) as [Take[], Take[]];
  const utterances = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const rated = (split: Split, part: "train" | "test"): RatedUtterance[] =>
    split[part].flatMap((id) => {
      const utterance = utterances.get(id);
      if (!utterance)
        throw new UndertoneError(
          "split/invalid",
          `Split '${split.name}' names '${id}', expected an utterance of '${dataset.name}'`,
        );
      const values = valuesOf(utterance, names);
      return values ? [{ utterance, values }] : [];
    });
  for (const [f, split] of splits.entries()) {
    if (signal?.aborted)
      throw new UndertoneError(
        "cancelled",
        `Evaluation stopped on request after ${f} of ${splits.length} folds`,
      );
    onProgress?.(f / splits.length, split.name);
    const [train, test] = [rated(split, "train"), rated(split, "test")];
    if (train.length === 0 || test.length === 0)
      throw new UndertoneError(
        "split/invalid",
        `Split '${split.name}' has ${train.length} training and ${test.length} test utterances with ${names.join(", ")}, expected at least 1 of each`,
      );
    const { table, targets } = valueTraining(
      train,
      names,
      trainViews.map((take) => take(train)),
    );
    const model = await regressor.fit(table, targets, {
      random: random(seed).fork(split.name),
      signal,
      pause,
      onProgress: (done) => onProgress?.((f + done) / splits.length, split.name),
    });
    const heardBy = async (part: readonly RatedUtterance[]): Promise<ValuedUtterance[]> => {
      const found = await meanValues(
        model,
        testViews.map((take) => take(part)),
      );
      return part.map(({ utterance, values }, i) => ({
        id: utterance.id,
        speaker: utterance.speaker,
        fold: split.name,
        truth: values,
        predicted: found[i],
      }));
    };
    yield {
      name: split.name,
      trainCount: train.length,
      predictions: await heardBy(test),
      ofTraining: () => heardBy(train),
    };
  }
  if (splits.length > 0) onProgress?.(1, splits.at(-1)!.name);
}

type Take = (rated: readonly RatedUtterance[]) => FeatureTable;

/** Returns what takes the rows of utterances from a table. @throws UndertoneError `features/mismatch` when one is missing. */
function lookUp(table: FeatureTable): Take {
  const rowOf = new Map(table.ids.map((id, i) => [id, i]));
  return (rated) =>
    takeUtterances(
      table,
      rated.map(({ utterance: { id } }) => {
        const row = rowOf.get(id);
        if (row !== undefined) return row;
        throw new UndertoneError(
          "features/mismatch",
          `The feature table has no row for '${id}', expected one`,
        );
      }),
    );
}
