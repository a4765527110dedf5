/** The unit of work of a search: one model fitted on the training part of one split and scored on its test part. */
import { takeUtterances } from "../../data/feature-table.js";
import type { LabelMap } from "../../data/label-map.js";
import type { Split } from "../../data/split.js";
import type { TrainingSet } from "../../data/training-set.js";
import type { DimensionName } from "../../data/utterance.js";
import { type ErrorCode, UndertoneError } from "../../errors.js";
import type { FitContext } from "../../learn/estimator.js";
import type { Adaptation, ClassFold } from "../class-fold.js";
import type { ScoredUtterance, ValuedUtterance } from "../evaluation-result.js";
import { type FoldFits, fitFolds } from "../fit-folds.js";
import { taughtRows } from "../taught-rows.js";
import { estimatorOf, type ModelChoice } from "./model-choice.js";
import { classFindings, type Findings } from "./search-measure.js";

/** What a trial is to do; survives JSON. */
export interface Trial {
  readonly model: ModelChoice;
  readonly split: Split;
  /** Whether the scores are kept, for measures that need them. */
  readonly keepScores?: boolean;
  /** Whether the training part is scored as well. */
  readonly scoreTraining?: boolean;
  /** Whether the scored utterances are kept. */
  readonly keepPredictions?: boolean;
}

/** What a trial found; survives JSON. */
export type TrialResult =
  | {
      readonly test: Findings;
      readonly train?: Findings;
      /** Of classes, or of values. */
      readonly predictions?: readonly ScoredUtterance[];
      readonly valued?: readonly ValuedUtterance[];
      readonly trainCount: number;
    }
  | { readonly failed: { readonly code: ErrorCode; readonly message: string } };

/** What all trials of a search share. */
export interface TrialData extends TrainingSet, Pick<FoldFits, "seed" | "calibration"> {
  readonly labelMap: LabelMap;
  /** How much of the test speakers or collections is known; default nothing. The training part is scored without. */
  readonly adapt?: Adaptation;
  /** Values that are learnt instead of classes; the models are regressors then. */
  readonly values?: readonly DimensionName[] | undefined;
}

/** Does trials, in any order and any number at a time; results come in the order of the trials. */
export type RunTrials = (trials: readonly Trial[]) => Promise<readonly TrialResult[]>;

/**
 * Returns what the trial found. A fit that is refused or does not converge is a result too: a search goes on with the other settings.
 * @throws UndertoneError `cancelled`, `features/mismatch`.
 */
export async function runTrial(
  data: TrialData,
  trial: Trial,
  context: Pick<FitContext, "signal" | "pause"> = {},
): Promise<TrialResult> {
  try {
    return await tryFold(data, trial, context);
  } catch (error) {
    if (!(error instanceof UndertoneError) || !error.code.startsWith("learn/")) throw error;
    return { failed: { code: error.code, message: error.message } };
  }
}

async function tryFold(
  { adapt, ...data }: TrialData,
  trial: Trial,
  context: Pick<FitContext, "signal" | "pause">,
): Promise<TrialResult> {
  const { model, split, keepPredictions, scoreTraining } = trial;
  const learns = data.values ? "values" : "classes";
  const estimator = estimatorOf(model, learns);
  for await (const { classes, values } of fitFolds({ ...data, ...context, splits: [split], estimator })) {
    if (values) {
      const valued = await values.predict();
      return {
        test: valueFindings(valued),
        trainCount: values.trainCount,
        ...(keepPredictions && { valued }),
        ...(scoreTraining && { train: valueFindings(await values.predict("train")) }),
      };
    }
    const names = data.labelMap.classes;
    const kept = { classCount: names.length, keepScores: trial.keepScores ?? false };
    const predictions = await classes!.score(adapt);
    const train = scoreTraining && (await scoreTrainingPart(data, split, classes!));
    return {
      test: classFindings(
        predictions.map(({ truth }) => names.indexOf(truth)),
        predictions.map(({ scores }) => scores),
        kept,
      ),
      trainCount: classes!.trainCount,
      ...(keepPredictions && { predictions }),
      ...(train && { train: classFindings(train.truth, train.scores, kept) }),
    };
  }
  throw new TypeError("runTrial: no fold");
}

/** Returns rated and predicted values by name. */
function valueFindings(list: readonly ValuedUtterance[]): Findings {
  const columns = (key: "truth" | "predicted"): number[][] =>
    (list[0]?.truth ?? []).map((_, k) => list.map((one) => one[key][k]));
  return { rated: columns("truth"), predicted: columns("predicted") };
}

async function scoreTrainingPart(
  { dataset, labelMap, table }: Pick<TrialData, "dataset" | "labelMap" | "table">,
  split: Split,
  fold: ClassFold,
): Promise<{ truth: number[]; scores: number[][] }> {
  const inTraining = new Set(split.train);
  const truth = new Map(
    taughtRows(
      dataset.utterances.filter(({ id }) => inTraining.has(id)),
      { labelMap },
    ).map(({ utterance, label }) => [utterance.id, label]),
  );
  const rows = table.ids.flatMap((id, i) => (truth.has(id) ? [i] : []));
  return {
    truth: rows.map((i) => truth.get(table.ids[i])!),
    scores: await fold.scoreViews([takeUtterances(table, rows)]),
  };
}
