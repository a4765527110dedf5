/** What a fold's model says of the classes of the fold's test part, as its speakers are known and its scores calibrated. */
import { type FeatureTable, functionalsTable } from "../data/feature-table.js";
import type { LabelMap } from "../data/label-map.js";
import { columnMoments } from "../data/standardized.js";
import type { FitContext, Model } from "../learn/estimator.js";
import { groupIndices } from "../learn/group-indices.js";
import { learnSpeaker, type ScoredRecording } from "../learn/learn-speaker.js";
import { fitMarks, type MarkVariances, marksOf } from "../learn/recording-marks.js";
import { type Matrix, matrix, meanOf, row } from "../math/matrix.js";
import { random } from "../math/random.js";
import type { CalibrationRows } from "./calibration/calibrator.js";
import { applyCalibration, type Calibration, fitCalibration } from "./calibration/index.js";
import type { ScoredUtterance } from "./evaluation-result.js";
import { innerScores, orderedScores } from "./inner-scores.js";
import { scoredUtterances, type TaughtRow } from "./taught-rows.js";

/** How much of each test speaker is known, without labels; the utterance that is scored is heard too, as a recognizer hears it. */
export interface SpeakerAdaptation {
  /** Utterances of each speaker, drawn by the seed from the test part; or all of them. */
  readonly utterances: number | "all";
  /** As in `learnSpeaker`. */
  readonly shrinkage: number;
}

/** The classes of a split. */
export interface ClassFold {
  readonly name: string;
  /** Training utterances that have a class. */
  readonly trainCount: number;
  /** The features of the test part, one table for each way that it is heard. */
  readonly test: readonly FeatureTable[];
  /** Returns the scores, in the order of the classes, of utterances that are heard in those ways. */
  scoreViews(views: readonly FeatureTable[]): Promise<number[][]>;
  /** Returns the scored test part; with an adaptation, by a draw of utterances that `draw` numbers. */
  score(adapt?: SpeakerAdaptation, draw?: number): Promise<ScoredUtterance[]>;
}

/** What a fold of classes is made of. */
interface ClassFoldInput {
  readonly name: string;
  readonly model: Model;
  readonly labelMap: LabelMap;
  /** Rows of the training part and of the test part that have a class. */
  readonly train: readonly TaughtRow[];
  readonly test: readonly TaughtRow[];
  /** Takes the features of rows as they are. */
  readonly asItIs: (rows: readonly TaughtRow[]) => FeatureTable;
  /** Takes the features of rows in each way that the test part is heard. */
  readonly heard: (rows: readonly TaughtRow[]) => FeatureTable[];
  /** Fits a model on rows of the training part. */
  readonly fit: (rows: readonly TaughtRow[], context: FitContext) => Promise<Model>;
  readonly calibration: string;
  readonly context: FitContext;
  readonly seed: number;
}

/** Returns the fold; what it has to fit for calibration or adaptation it fits when it is asked, once. */
export function classFold(input: ClassFoldInput): ClassFold {
  const { name, model, labelMap, train, test, heard, fit, calibration, context, seed } = input;
  const { classes } = labelMap;
  const views = heard(test);
  const innerRows = (
    scoreRows: (one: Model, rows: readonly TaughtRow[], known: readonly TaughtRow[]) => Promise<Matrix>,
  ): Promise<CalibrationRows> => innerScores(train, { classes, fit, scoreRows, context });
  const forStrangers = once(async () =>
    fitCalibration(calibration, await innerRows((one, rows) => meanScores(one, heard(rows)))),
  );
  /** What models that have not heard the training part's speakers hear in it, in its order. */
  const listenedWithin = once(async () => {
    const found = new Map<TaughtRow, Listened>();
    await innerRows(async (one, rows, known) => {
      const listened = await listen(input, one, { known, rows });
      rows.forEach((each, i) => {
        found.set(each, listened[i]);
      });
      return matrix(rows.length, one.heads.scores!.classes.length);
    });
    return train.map((each) => found.get(each)!);
  });
  const listenedTo = once(() => listen(input, model, { known: train, rows: test }));
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
  return {
    name,
    trainCount: train.length,
    test: views,
    async scoreViews(tables) {
      const calibrated = await calibrationFor();
      return (await rawScores(model, tables, classes)).map((scores) => applyCalibration(scores, calibrated));
    },
    async score(adapt, draw = 0) {
      const calibrated = await calibrationFor(adapt, draw);
      const scores = adapt
        ? adaptedScores(await listenedTo(), test, { adapt, seed, draw })
        : await rawScores(model, views, classes);
      return scoredUtterances(
        test,
        scores.map((each) => applyCalibration(each, calibrated)),
        { labelMap, fold: name },
      );
    },
  };
}

/** Returns the mean of a model's scores over the ways in which utterances are heard. */
async function meanScores(model: Model, tables: readonly FeatureTable[]): Promise<Matrix> {
  return meanOf(await Promise.all(tables.map(async (table) => (await model.predict(table)).scores!)));
}

async function rawScores(
  model: Model,
  tables: readonly FeatureTable[],
  classes: readonly string[],
): Promise<number[][]> {
  const scores = await meanScores(model, tables);
  return Array.from({ length: scores.rows }, (_, i) => orderedScores(model, row(scores, i), classes));
}

/** What a model that knows nothing of the speaker hears in an utterance. */
interface Listened extends ScoredRecording {
  /** The model's scores of the average voice. */
  readonly centre: readonly number[];
  /** What the model's training speakers tell of marks. */
  readonly variances: MarkVariances | undefined;
}

/** Returns what a model fitted on `known` hears in the rows. */
async function listen(
  { asItIs, heard, labelMap: { classes } }: ClassFoldInput,
  model: Model,
  { known, rows }: { known: readonly TaughtRow[]; rows: readonly TaughtRow[] },
): Promise<Listened[]> {
  const learnt = asItIs(known);
  const moments = columnMoments(learnt);
  const { axes, variances } = fitMarks(learnt, {
    groups: groupIndices(known.map(({ utterance }) => utterance.speaker)),
    labels: Int32Array.from(known, ({ label }) => label),
    classes: classes.length,
    moments,
  });
  const own = asItIs(rows).frames;
  const scores = await rawScores(model, heard(rows), classes);
  const average = matrix(1, learnt.names.length, Float32Array.from(moments.mean));
  const [centre] = await rawScores(model, [functionalsTable(["average"], learnt.names, average)], classes);
  return scores.map((each, i) => ({
    scores: each,
    marks: marksOf(row(own, i), { axes, moments }),
    centre: centre!,
    variances,
  }));
}

/** Returns the utterances' scores once each speaker is known by a draw of the speaker's utterances; labels are not looked at. */
function adaptedScores(
  listened: readonly Listened[],
  utterances: readonly TaughtRow[],
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
