/** Fits an estimator on the training part of every split, and scores its test part as the split's speakers are known. */
import {
  type FeatureTable,
  functionalsTable,
  type HeardTable,
  stackTables,
  takeUtterances,
} from "../data/feature-table.js";
import { type LabelMap, mapLabel } from "../data/label-map.js";
import type { Split } from "../data/split.js";
import { columnMoments } from "../data/standardized.js";
import type { Dataset, Utterance } from "../data/utterance.js";
import { UndertoneError } from "../errors.js";
import type { Estimator, FitContext, Model } from "../learn/estimator.js";
import { groupIndices } from "../learn/group-indices.js";
import { learnSpeaker, type ScoredRecording } from "../learn/learn-speaker.js";
import { fitMarks, type MarkVariances, marksOf } from "../learn/recording-marks.js";
import { type Matrix, matrix, meanOf, row } from "../math/matrix.js";
import { random } from "../math/random.js";
import type { CalibrationRows } from "./calibration/calibrator.js";
import { applyCalibration, type Calibration, fitCalibration } from "./calibration/index.js";
import type { ScoredUtterance } from "./evaluation-result.js";
import { innerScores, orderedScores } from "./inner-scores.js";
import { ratedDistribution, ratedVotes } from "./rated-distribution.js";

/** How much of each test speaker is known, without labels; the utterance that is scored is heard too, as a recognizer hears it. */
export interface SpeakerAdaptation {
  /** Utterances of each speaker, drawn by the seed from the test part; or all of them. */
  readonly utterances: number | "all";
  /** As in `learnSpeaker`. */
  readonly shrinkage: number;
}

/** What determines the folds' models and scores. */
export interface FoldFits {
  readonly dataset: Dataset;
  /** One entry for each utterance that the splits name and the label map keeps; others are ignored. */
  readonly table: FeatureTable;
  /** The same utterances as the training part is heard: one copy from each table; default `table` alone. No test part is copied. */
  readonly trainHeard?: readonly HeardTable[] | undefined;
  /** The same utterances as the test part is heard: scores are averaged over the tables; default `table` alone. */
  readonly testHeard?: readonly HeardTable[] | undefined;
  readonly labelMap: LabelMap;
  readonly splits: readonly Split[];
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

/** A split's model, and what it says of the split's test part. */
export interface FittedFold {
  readonly name: string;
  readonly trainCount: number;
  readonly model: Model;
  /** The features of the test part, one table for each way that it is heard. */
  readonly test: readonly FeatureTable[];
  /** Returns the scores, in the order of the classes, of utterances that are heard in those ways. */
  scoreViews(views: readonly FeatureTable[]): Promise<number[][]>;
  /** Returns the scored test part; with an adaptation, by a draw of utterances that `draw` numbers. */
  score(adapt?: SpeakerAdaptation, draw?: number): Promise<ScoredUtterance[]>;
}

/**
 * Yields each split's fit. The estimator, and with it whatever it fits (scaler, class weights), sees `split.train` only;
 * `split.dev` is held out of both.
 * @throws UndertoneError `split/invalid`, `features/mismatch` when a table lacks an utterance, `label-map/unmapped`, `cancelled`, and
 * what the estimator throws.
 */
export async function* fitFolds(input: FoldFits): AsyncGenerator<FittedFold> {
  const { dataset, table, labelMap, splits, estimator, seed, onProgress, signal, pause } = input;
  const { calibration = "none" } = input;
  const heard = [{ speed: 1, table }];
  const asItIs = lookUp(table);
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
      return name === null ? [] : [{ utterance, name, label: classIndex.get(name)! }];
    });

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
    const { classes } = labelMap;
    const context = {
      random: random(seed).fork(split.name),
      signal,
      pause,
    };
    const fit = (rows: readonly Labelled[], to: FitContext): Promise<Model> => {
      const copies = trainViews.flatMap(() => rows);
      const votes = ratedVotes(
        copies.map(({ utterance }) => utterance),
        labelMap,
      );
      const targets = {
        classes,
        labels: Int32Array.from(copies, ({ label }) => label),
        groups: groupIndices(copies.map(({ utterance }) => utterance.speaker)),
        votes,
      };
      return estimator.fit(stackTables(trainViews.map((take) => take(rows))), targets, to);
    };
    const predict = async (one: Model, tables: readonly FeatureTable[]): Promise<Matrix> =>
      meanOf(await Promise.all(tables.map(async (view) => (await one.predict(view)).scores!)));
    const model = await fit(train, {
      ...context,
      onProgress: (part) => onProgress?.((f + part) / splits.length, split.name),
    });
    stopIfAborted(signal, f, splits.length);
    const views = testViews.map((take) => take(test));
    const rawScores = async (one: Model, tables: readonly FeatureTable[]): Promise<number[][]> => {
      const scores = await predict(one, tables);
      return Array.from({ length: scores.rows }, (_, i) => orderedScores(one, row(scores, i), classes));
    };
    /** What a model fitted on `known` hears in the rows. */
    const listen = async (
      one: Model,
      known: readonly Labelled[],
      rows: readonly Labelled[],
    ): Promise<Listened[]> => {
      const learnt = asItIs(known);
      const moments = columnMoments(learnt);
      const { axes, variances } = fitMarks(learnt, {
        groups: groupIndices(known.map(({ utterance }) => utterance.speaker)),
        labels: Int32Array.from(known, ({ label }) => label),
        classes: classes.length,
        moments,
      });
      const own = asItIs(rows).frames;
      const scores = await rawScores(
        one,
        testViews.map((take) => take(rows)),
      );
      const average = matrix(1, learnt.names.length, Float32Array.from(moments.mean));
      const [centre] = await rawScores(one, [functionalsTable(["average"], learnt.names, average)]);
      return scores.map((each, i) => ({
        scores: each,
        marks: marksOf(row(own, i), { axes, moments }),
        centre: centre!,
        variances,
      }));
    };
    const innerRows = (
      hear: (one: Model, rows: readonly Labelled[], known: readonly Labelled[]) => Promise<Matrix>,
    ): Promise<CalibrationRows> => innerScores(train, { classes, fit, scoreRows: hear, context });
    const forStrangers = once(async () =>
      fitCalibration(
        calibration,
        await innerRows((one, rows) =>
          predict(
            one,
            testViews.map((take) => take(rows)),
          ),
        ),
      ),
    );
    /** What models that have not heard the training part's speakers hear in it, in its order. */
    const listenedWithin = once(async () => {
      const found = new Map<Labelled, Listened>();
      await innerRows(async (one, rows, known) => {
        const listened = await listen(one, known, rows);
        rows.forEach((each, i) => {
          found.set(each, listened[i]);
        });
        return matrix(rows.length, one.heads.scores!.classes.length);
      });
      return train.map((each) => found.get(each)!);
    });
    const listenedTo = once(() => listen(model, train, test));
    const calibrationFor = async (adapt?: SpeakerAdaptation, draw = 0): Promise<Calibration> => {
      if (calibration === "none") return { kind: "none" };
      if (!adapt) return forStrangers();
      const scores = adaptedScores(await listenedWithin(), train, { adapt, seed, draw });
      return fitCalibration(calibration, {
        classCount: classes.length,
        truth: Int32Array.from(train, ({ label }) => label),
        scores: Float64Array.from(scores.flat()),
      });
    };
    yield {
      name: split.name,
      trainCount: train.length,
      model,
      test: views,
      async scoreViews(tables) {
        const calibrated = await calibrationFor();
        return (await rawScores(model, tables)).map((scores) => applyCalibration(scores, calibrated));
      },
      async score(adapt, draw = 0) {
        const calibrated = await calibrationFor(adapt, draw);
        const scores = adapt
          ? adaptedScores(await listenedTo(), test, { adapt, seed, draw })
          : await rawScores(model, views);
        return scoredUtterances(
          test,
          scores.map((each) => applyCalibration(each, calibrated)),
          { labelMap, fold: split.name },
        );
      },
    };
  }
  if (splits.length > 0) onProgress?.(1, splits.at(-1)!.name);
}

interface Labelled {
  readonly utterance: Utterance;
  readonly name: string;
  readonly label: number;
}

/** What a model that knows nothing of the speaker hears in an utterance. */
interface Listened extends ScoredRecording {
  /** The model's scores of the average voice. */
  readonly centre: readonly number[];
  /** What the model's training speakers tell of marks. */
  readonly variances: MarkVariances | undefined;
}

/** Returns the utterances' scores once each speaker is known by a draw of the speaker's utterances; labels are not looked at. */
function adaptedScores(
  listened: readonly Listened[],
  utterances: readonly Labelled[],
  { adapt, seed, draw }: { adapt: SpeakerAdaptation; seed: number; draw: number },
): number[][] {
  const rows = new Map<string, number[]>();
  utterances.forEach(({ utterance: { speaker } }, i) => {
    const own = rows.get(speaker);
    if (own) own.push(i);
    else rows.set(speaker, [i]);
  });
  const scores: number[][] = [];
  for (const [speaker, all] of rows) {
    const known =
      adapt.utterances === "all"
        ? all
        : random(seed)
            .fork(`adapt-${speaker}-${draw}`)
            .shuffle([...all])
            .slice(0, adapt.utterances);
    const heard = known.map((i) => listened[i]);
    const { centre, variances } = listened[all[0]];
    const about = { shrinkage: adapt.shrinkage, centre, variances };
    const learnt = learnSpeaker(heard, about);
    for (const i of all) {
      const own = listened[i];
      const knowing = heard.includes(own) ? learnt : learnSpeaker([...heard, own], about);
      scores[i] = knowing(own);
    }
  }
  return scores;
}

/** Returns a function that works on its first call only and remembers. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => (found ??= work());
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

/** Returns the test utterances with their scores. */
function scoredUtterances(
  test: readonly Labelled[],
  scores: readonly (readonly number[])[],
  { labelMap, fold }: { labelMap: LabelMap; fold: string },
): ScoredUtterance[] {
  return test.map(({ utterance, name }, i) => {
    const own = scores[i];
    const top = own.indexOf(Math.max(...own));
    const rated = ratedDistribution(utterance, labelMap);
    // A row of NaN has no top; `scoreTable` refuses it with the utterance's name.
    return {
      id: utterance.id,
      speaker: utterance.speaker,
      fold,
      truth: name,
      predicted: labelMap.classes[Math.max(0, top)],
      scores: own,
      rated,
    };
  });
}

function stopIfAborted(signal: FoldFits["signal"], done: number, total: number): void {
  if (signal?.aborted)
    throw new UndertoneError("cancelled", `Evaluation stopped on request after ${done} of ${total} folds`);
}
