/** Fits an estimator on the training part of every split and scores its test part. */
import { type FeatureTable, type HeardTable, stackTables, takeUtterances } from "../data/feature-table.js";
import { type LabelMap, mapLabel } from "../data/label-map.js";
import type { Split } from "../data/split.js";
import type { Dataset, Utterance } from "../data/utterance.js";
import { UndertoneError } from "../errors.js";
import type { Estimator, FitContext, Model } from "../learn/estimator.js";
import { groupIndices } from "../learn/group-indices.js";
import { type Matrix, meanOf, row } from "../math/matrix.js";
import { random } from "../math/random.js";
import { describeProtocol } from "./describe-protocol.js";
import { evaluatePredictions } from "./evaluate-predictions.js";
import type { EvaluationResult, Leak, ScoredUtterance } from "./evaluation-result.js";
import { ratedDistribution } from "./rated-distribution.js";

export interface CrossValidation {
  readonly dataset: Dataset;
  /** One entry for each utterance that the splits name and the label map keeps; others are ignored. */
  readonly table: FeatureTable;
  /** The same utterances as the training part is heard: one copy from each table; default `table` alone. No test part is copied. */
  readonly trainHeard?: readonly HeardTable[];
  /** The same utterances as the test part is heard: scores are averaged over the tables; default `table` alone. */
  readonly testHeard?: readonly HeardTable[];
  readonly labelMap: LabelMap;
  readonly splits: readonly Split[];
  readonly estimator: Estimator;
  /** What the leak gate found in these splits; it is reported, not judged, here. */
  readonly leaks: readonly Leak[];
  readonly seed: number;
  /** Where the folds come from, such as `published` or `speaker:6`. */
  readonly foldsName: string;
  /** Id of the feature set of `table`. */
  readonly featureSet: string;
  /** How speakers were normalized, when they were; default none. */
  readonly speakerStatistics?: string;
  /** Bootstrap samples. */
  readonly samples?: number;
  /** Called with the part done, 0..1, and the name of the fold at work. */
  readonly onProgress?: (part: number, fold: string) => void;
  readonly signal?: NonNullable<FitContext["signal"]>;
  readonly pause?: NonNullable<FitContext["pause"]>;
}

/**
 * Returns the result pooled over the test parts of all splits. The estimator, and with it whatever it fits (scaler, class weights),
 * sees `split.train` only; `split.dev` is held out of both.
 * @throws UndertoneError `split/invalid` when there is no split or an utterance is unknown or tested twice, `features/mismatch` when
 * the table lacks an utterance, `label-map/unmapped`, `cancelled`, and what the estimator throws.
 */
export async function crossValidate(input: CrossValidation): Promise<EvaluationResult> {
  const { dataset, table, labelMap, splits, estimator, leaks, seed, onProgress, signal, pause } = input;
  const heard = [{ speed: 1, table }];
  const trainViews = (input.trainHeard ?? heard).map((one) => lookUp(one.table));
  const testViews = (input.testHeard ?? heard).map((one) => lookUp(one.table));
  const utterances = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const classIndex = new Map(labelMap.classes.map((name, k) => [name, k]));

  /** The utterances of a part that have a class. */
  const labelled = (split: Split, part: "train" | "test"): Labelled[] =>
    split[part].flatMap((id) => {
      const utterance = utterances.get(id);
      if (!utterance) {
        throw new UndertoneError(
          "split/invalid",
          `Split '${split.name}' names '${id}' in its ${part} part, expected an utterance of '${dataset.name}'`,
        );
      }
      const name = utterance.label === undefined ? null : mapLabel(labelMap, utterance.label);
      if (name === null) return [];
      return [{ utterance, name, label: classIndex.get(name)! }];
    });

  const predictions: ScoredUtterance[] = [];
  const trainCounts: Record<string, number> = {};
  for (const [f, split] of splits.entries()) {
    stopIfAborted(signal, f, splits.length);
    onProgress?.(f / splits.length, split.name);
    const train = labelled(split, "train");
    const test = labelled(split, "test");
    if (train.length === 0 || test.length === 0) {
      throw new UndertoneError(
        "split/invalid",
        `Split '${split.name}' has ${train.length} training and ${test.length} test utterances with a class, expected at least 1 of each`,
      );
    }
    trainCounts[split.name] = train.length;
    const copies = trainViews.flatMap(() => train);
    const model = await estimator.fit(
      stackTables(trainViews.map((take) => take(train))),
      {
        classes: labelMap.classes,
        labels: Int32Array.from(copies, ({ label }) => label),
        groups: groupIndices(copies.map(({ utterance }) => utterance.speaker)),
      },
      {
        random: random(seed).fork(split.name),
        ...(signal && { signal }),
        ...(pause && { pause }),
        onProgress: (part) => onProgress?.((f + part) / splits.length, split.name),
      },
    );
    stopIfAborted(signal, f, splits.length);
    const scores = meanOf(await Promise.all(testViews.map((take) => model.predict(take(test)))));
    predictions.push(...scoredUtterances(test, scores, { model, labelMap, fold: split.name }));
  }
  if (splits.length > 0) onProgress?.(1, splits.at(-1)!.name);

  const protocol = describeProtocol({ ...input, predictions });
  return evaluatePredictions(predictions, {
    classes: labelMap.classes,
    protocol,
    leaks,
    dataset,
    trainCounts,
    ...(input.samples !== undefined && { samples: input.samples }),
  });
}

interface Labelled {
  readonly utterance: Utterance;
  readonly name: string;
  readonly label: number;
}

/** Returns what takes the rows of utterances from a table. @throws UndertoneError `features/mismatch` when one is missing. */
function lookUp(table: FeatureTable): (utterances: readonly Labelled[]) => FeatureTable {
  const rowOf = new Map(table.ids.map((id, i) => [id, i]));
  return (utterances) =>
    takeUtterances(
      table,
      utterances.map(({ utterance: { id } }) => {
        const tableRow = rowOf.get(id);
        if (tableRow !== undefined) return tableRow;
        throw new UndertoneError(
          "features/mismatch",
          `The feature table has no row for '${id}', expected one for every utterance of the split`,
        );
      }),
    );
}

/** Returns the test utterances with their scores in the order of `classes`; a class that the model does not know scores 0. */
function scoredUtterances(
  test: readonly Labelled[],
  scores: Matrix,
  { model, labelMap, fold }: { model: Model; labelMap: LabelMap; fold: string },
): ScoredUtterance[] {
  const { classes } = labelMap;
  const columns = classes.map((name) => model.classes.indexOf(name));
  return test.map(({ utterance, name }, i) => {
    const values = row(scores, i);
    const ordered = columns.map((column) => (column < 0 ? 0 : values[column]!));
    const top = ordered.indexOf(Math.max(...ordered));
    const rated = ratedDistribution(utterance, labelMap);
    // A row of NaN has no top; `scoreTable` refuses it with the utterance's name.
    return {
      id: utterance.id,
      speaker: utterance.speaker,
      fold,
      truth: name,
      predicted: classes[Math.max(0, top)]!,
      scores: ordered,
      ...(rated && { rated }),
    };
  });
}

function stopIfAborted(signal: CrossValidation["signal"], done: number, total: number): void {
  if (signal?.aborted)
    throw new UndertoneError("cancelled", `Evaluation stopped on request after ${done} of ${total} folds`);
}
