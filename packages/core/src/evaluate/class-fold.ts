/** What a fold's model says of the classes of the fold's test part, as its speakers are known and its scores calibrated. */
import { type FeatureTable, functionalsTable } from "../data/feature-table.js";
import type { LabelMap } from "../data/label-map.js";
import { columnMoments } from "../data/standardized.js";
import { type CollectionModel, type CollectionRow, fitCollections } from "../learn/collection-model.js";
import type { FitContext, Model } from "../learn/estimator.js";
import { groupIndices } from "../learn/group-indices.js";
import { type CollectionKind, learnCollection } from "../learn/learn-collection.js";
import { learnSpeaker, type ScoredRecording } from "../learn/learn-speaker.js";
import { fitMarks, type MarkVariances, marksOf } from "../learn/recording-marks.js";
import { type Matrix, matrix, meanOf, row } from "../math/matrix.js";
import { random } from "../math/random.js";
import type { CalibrationRows } from "./calibration/calibrator.js";
import { applyCalibration, type Calibration, fitCalibration } from "./calibration/index.js";
import type { ScoredUtterance } from "./evaluation-result.js";
import { domainsOf, innerScores, orderedScores } from "./inner-scores.js";
import { calibrationRows } from "./score-table.js";
import { scoredUtterances, type TaughtRow } from "./taught-rows.js";
import { calibratedBy } from "./trust/cross-fit.js";

/** How much of the test part is known, without labels; the utterance that is scored is heard too, as a recognizer hears it. */
export interface Adaptation {
  /** Default: the speaker. */
  readonly to?: CollectionKind;
  /** Utterances of each speaker or collection, drawn by the seed from the test part; or all of them. */
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
  score(adapt?: Adaptation, draw?: number): Promise<ScoredUtterance[]>;
  /**
   * Returns the training part as models scored it that had not heard the speaker, nor the corpus where there are several: before any
   * calibration, and with an adaptation as `score` adapts. What is fitted on it knows nothing of the test part.
   */
  within(adapt?: Adaptation, draw?: number): Promise<ScoredUtterance[]>;
  /** Returns what `learnCollection` takes: the test part as `score` has it, with marks, and what the training part's collections tell. */
  collections(): Promise<{
    readonly recordings: readonly ScoredRecording[];
    readonly model: CollectionModel | undefined;
  }>;
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
  const strangersWithin = once(async () => {
    const { scores } = await innerRows((one, rows) => meanScores(one, heard(rows)));
    return train.map((_, i) => Array.from(scores.subarray(i * classes.length, (i + 1) * classes.length)));
  });
  /** What models that have not heard the training part's speakers hear in it, in its order. */
  const listenWithin = async (): Promise<Listened[]> => {
    const found = new Map<TaughtRow, Listened>();
    await innerRows(async (one, rows, known) => {
      const listened = await listen(input, one, { known, rows });
      rows.forEach((each, i) => {
        found.set(each, listened[i]);
      });
      return matrix(rows.length, one.heads.scores!.classes.length);
    });
    return train.map((each) => found.get(each)!);
  };
  const listened = {
    within: once(listenWithin),
    test: once(() => listen(input, model, { known: train, rows: test })),
  };
  /** What collections of the training part tell of others, and what is heard in recordings of those. */
  const collections = once(async () => {
    const calibration = await calibrationFor();
    const calibrated = calibratedBy(await within(), classes, calibration);
    const adaptation = fitCollections(collectionRows(calibrated, classes), classes.length);
    const marks = marksBy(input, train);
    const listen = (
      rows: readonly TaughtRow[],
      scores: readonly (readonly number[])[],
    ): ScoredRecording[] => {
      const own = marks(rows);
      return scores.map((each, i) => ({ scores: applyCalibration(each, calibration), marks: own[i] }));
    };
    return {
      adaptation,
      within: once(async () => listen(train, await strangersWithin())),
      test: once(async () => listen(test, await rawScores(model, views, classes))),
    };
  });
  /** Whether what is known tells of scores that are calibrated already: speakers of a model of one corpus move those that are not. */
  const onCalibrated = ({ to }: Adaptation): boolean => to === "collection" || domainsOf(train) !== undefined;
  const adaptedRows = async (
    part: "within" | "test",
    { adapt, draw }: { adapt: Adaptation; draw: number },
  ): Promise<number[][]> => {
    const rows = part === "within" ? train : test;
    const to = adapt.to ?? "speaker";
    if (!onCalibrated(adapt)) {
      const learn = (known: readonly Listened[]): ((own: Listened) => number[]) =>
        learnSpeaker(known, { shrinkage: adapt.shrinkage, ...known[0] });
      return adaptedScores(await listened[part](), rows, { adapt, seed, draw, learn });
    }
    const { adaptation, ...parts } = await collections();
    const learn = (known: readonly ScoredRecording[]): ((own: ScoredRecording) => number[]) =>
      adaptation ? learnCollection(known, adaptation, to).scoresOf : ({ scores }) => Array.from(scores);
    return adaptedScores(await parts[part](), rows, { adapt, seed, draw, learn });
  };
  const byCorpus = domainsOf([...train, ...test]) !== undefined;
  const said = (rows: readonly TaughtRow[], scores: readonly (readonly number[])[]): ScoredUtterance[] =>
    scoredUtterances(rows, scores, { labelMap, fold: name, byCorpus });
  const within = async (adapt?: Adaptation, draw = 0): Promise<ScoredUtterance[]> => {
    const scores = adapt ? await adaptedRows("within", { adapt, draw }) : await strangersWithin();
    const known = withKnownClass(train, domainsOf(train));
    return said(train, scores)
      .map((one) => ({ ...one, fold: one.corpus ?? name }))
      .filter((_, i) => known(i));
  };
  const calibrationFor = async (adapt?: Adaptation, draw = 0): Promise<Calibration> =>
    calibration === "none" || (adapt && onCalibrated(adapt))
      ? { kind: "none" }
      : fitCalibration(calibration, calibrationRows(await within(adapt, draw), classes));
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
        ? await adaptedRows("test", { adapt, draw })
        : await rawScores(model, views, classes);
      return said(
        test,
        scores.map((each) => applyCalibration(each, calibrated)),
      );
    },
    within,
    async collections() {
      const { adaptation, test: heard } = await collections();
      return { recordings: await heard(), model: adaptation };
    },
  };
}

/** Returns what scores for such as no model had heard tell of collections: corpora, or speakers where there is one corpus. */
export function collectionRows(
  calibrated: readonly ScoredUtterance[],
  classes: readonly string[],
): CollectionRow[] {
  const several = new Set(calibrated.map(({ corpus }) => corpus)).size > 1;
  return calibrated.map(({ scores, truth, speaker, corpus }) => ({
    ...{ scores, speaker, label: classes.indexOf(truth) },
    collection: several ? (corpus ?? "") : speaker,
  }));
}

/** Returns whether the model that scored a row when its corpus was held out has learnt the row's class. */
function withKnownClass(
  rows: readonly TaughtRow[],
  domains: Int32Array | undefined,
): (row: number) => boolean {
  if (!domains) return () => true;
  const corporaOf = new Map<number, Set<number>>();
  rows.forEach(({ label }, i) => {
    corporaOf.set(label, (corporaOf.get(label) ?? new Set()).add(domains[i]));
  });
  return (row) => corporaOf.get(rows[row].label)!.size > 1;
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

/** What a model that knows nothing of the speaker and the collection hears in an utterance. */
interface Listened extends ScoredRecording {
  /** The model's scores of the average voice. */
  readonly centre: readonly number[];
  /** What the model's training speakers tell of marks. */
  readonly variances: MarkVariances | undefined;
}

/** Returns what tells marks of rows along axes that are fitted on `known`, and what speakers do to them. */
function marksBy(
  { asItIs, labelMap: { classes } }: ClassFoldInput,
  known: readonly TaughtRow[],
): ((rows: readonly TaughtRow[]) => number[][]) & { readonly variances: MarkVariances | undefined } {
  const learnt = asItIs(known);
  const moments = columnMoments(learnt);
  const { axes, variances } = fitMarks(learnt, {
    groups: groupIndices(known.map(({ utterance }) => utterance.speaker)),
    labels: Int32Array.from(known, ({ label }) => label),
    classes: classes.length,
    moments,
    severalCorpora: domainsOf(known) !== undefined,
  });
  const marks = (rows: readonly TaughtRow[]): number[][] => {
    const { frames } = asItIs(rows);
    return rows.map((_, i) => marksOf(row(frames, i), { axes, moments }));
  };
  return Object.assign(marks, { variances });
}

/** Returns what a model fitted on `known` hears in the rows. */
async function listen(
  input: ClassFoldInput,
  model: Model,
  { known, rows }: { known: readonly TaughtRow[]; rows: readonly TaughtRow[] },
): Promise<Listened[]> {
  const { asItIs, heard, labelMap } = input;
  const marks = marksBy(input, known);
  const own = marks(rows);
  const learnt = asItIs(known);
  const scores = await rawScores(model, heard(rows), labelMap.classes);
  const average = matrix(1, learnt.names.length, Float32Array.from(columnMoments(learnt).mean));
  const [centre] = await rawScores(
    model,
    [functionalsTable(["average"], learnt.names, average)],
    labelMap.classes,
  );
  return scores.map((each, i) => ({
    scores: each,
    marks: own[i],
    centre: centre!,
    variances: marks.variances,
  }));
}

/** Returns the utterances' scores once each speaker or collection is known by a draw of its utterances; labels are not looked at. */
function adaptedScores<Heard>(
  listened: readonly Heard[],
  utterances: readonly TaughtRow[],
  {
    adapt,
    seed,
    draw,
    learn,
  }: {
    readonly adapt: Adaptation;
    readonly seed: number;
    readonly draw: number;
    /** Returns the scores of an utterance where these, one at least, are known. */
    readonly learn: (known: readonly Heard[]) => (own: Heard) => number[];
  },
): number[][] {
  const rows = new Map<string, number[]>();
  utterances.forEach(({ utterance: { speaker, attributes } }, i) => {
    const name = adapt.to === "collection" ? (attributes.corpus ?? "") : speaker;
    const own = rows.get(name);
    if (own) own.push(i);
    else rows.set(name, [i]);
  });
  const scores: number[][] = [];
  for (const [name, all] of rows) {
    const known =
      adapt.utterances === "all"
        ? all
        : random(seed)
            .fork(`adapt-${name}-${draw}`)
            .shuffle([...all])
            .slice(0, adapt.utterances);
    const heard = known.map((i) => listened[i]);
    const learnt = learn(heard);
    const drawn = new Set(heard);
    for (const i of all) {
      const own = listened[i];
      scores[i] = (drawn.has(own) ? learnt : learn([...heard, own]))(own);
    }
  }
  return scores;
}

/** Returns a function that works on its first call only and remembers. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => (found ??= work());
}
