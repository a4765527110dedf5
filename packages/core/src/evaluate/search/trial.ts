/** The unit of work of a search: one model fitted on the training part of one split and scored on its test part. */
import { takeUtterances } from "../../data/feature-table.js";
import { mapLabel } from "../../data/label-map.js";
import type { Split } from "../../data/split.js";
import type { DimensionName } from "../../data/utterance.js";
import { type ErrorCode, UndertoneError } from "../../errors.js";
import type { FitContext } from "../../learn/estimator.js";
import type { ScoredUtterance } from "../evaluation-result.js";
import { type FittedFold, type FoldFits, fitFolds, type SpeakerAdaptation } from "../fit-folds.js";
import { fitValueFolds, type ValuedUtterance } from "../fit-value-folds.js";
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
export type TrialData = Pick<
  FoldFits,
  "dataset" | "table" | "trainHeard" | "testHeard" | "labelMap" | "seed" | "calibration"
> & {
  /** How much of the test speakers is known; default nothing. The training part is scored without. */
  readonly adapt?: SpeakerAdaptation;
  /** Values that are learnt instead of classes; the models are regressors then. */
  readonly values?: readonly DimensionName[] | undefined;
};

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
    const { values } = data;
    return await (values ? tryValues({ ...data, values }, trial, context) : tryClasses(data, trial, context));
  } catch (error) {
    if (!(error instanceof UndertoneError) || !error.code.startsWith("learn/")) throw error;
    return { failed: { code: error.code, message: error.message } };
  }
}

async function tryClasses(
  { adapt, ...data }: TrialData,
  { model, split, keepScores = false, keepPredictions, scoreTraining }: Trial,
  context: Pick<FitContext, "signal" | "pause">,
): Promise<TrialResult> {
  const { classes } = data.labelMap;
  const kept = { classCount: classes.length, keepScores };
  for await (const fold of fitFolds({
    ...data,
    ...context,
    splits: [split],
    estimator: estimatorOf(model),
  })) {
    const predictions = await fold.score(adapt);
    const truth = predictions.map((one) => classes.indexOf(one.truth));
    const train = scoreTraining && (await scoreTrainingPart(data, split, fold));
    return {
      test: classFindings(
        truth,
        predictions.map(({ scores }) => scores),
        kept,
      ),
      trainCount: fold.trainCount,
      ...(keepPredictions && { predictions }),
      ...(train && { train: classFindings(train.truth, train.scores, kept) }),
    };
  }
  throw new TypeError("runTrial: no fold");
}

async function scoreTrainingPart(
  { dataset, labelMap, table }: Pick<TrialData, "dataset" | "labelMap" | "table">,
  split: Split,
  fold: FittedFold,
): Promise<{ truth: number[]; scores: number[][] }> {
  const inTraining = new Set(split.train);
  const truth = new Map(
    dataset.utterances.flatMap(({ id, label }) => {
      const name = label === undefined ? null : mapLabel(labelMap, label);
      return name === null || !inTraining.has(id) ? [] : [[id, labelMap.classes.indexOf(name)] as const];
    }),
  );
  const rows = table.ids.flatMap((id, i) => (truth.has(id) ? [i] : []));
  return {
    truth: rows.map((i) => truth.get(table.ids[i])!),
    scores: await fold.scoreViews([takeUtterances(table, rows)]),
  };
}

async function tryValues(
  data: TrialData & { readonly values: readonly DimensionName[] },
  { model, split, keepPredictions, scoreTraining }: Trial,
  context: Pick<FitContext, "signal" | "pause">,
): Promise<TrialResult> {
  const { values: names, dataset, table, seed, trainHeard, testHeard } = data;
  const findings = (list: readonly ValuedUtterance[]): Findings => ({
    rated: names.map((_, k) => list.map(({ truth }) => truth[k])),
    predicted: names.map((_, k) => list.map(({ predicted }) => predicted[k])),
  });
  for await (const fold of fitValueFolds({
    dataset,
    table,
    seed,
    names,
    trainHeard,
    testHeard,
    ...context,
    splits: [split],
    regressor: estimatorOf(model, "values"),
  })) {
    return {
      test: findings(fold.predictions),
      trainCount: fold.trainCount,
      ...(keepPredictions && { valued: fold.predictions }),
      ...(scoreTraining && { train: findings(await fold.ofTraining()) }),
    };
  }
  throw new TypeError("runTrial: no fold");
}
