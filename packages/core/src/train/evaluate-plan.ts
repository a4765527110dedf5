/** The evaluation of a plan's model on splits of data that are loaded. */
import { type CrossValidation, crossValidate } from "../evaluate/cross-validate.js";
import { crossValidateValues, type ValueEvaluation } from "../evaluate/cross-validate-values.js";
import type { EvaluationResult } from "../evaluate/evaluation-result.js";
import { estimatorOf, type ModelChoice } from "../evaluate/search/model-choice.js";
import { defaultShrinkage } from "../learn/learn-speaker.js";
import type { CheckedSplits } from "./checked-splits.js";
import { refuseMissingSpeakers, type TrainingContext, type TrainingData } from "./training-data.js";

/** What determines the evaluation of a model on splits. */
export interface ModelPlan {
  /** An estimator, or a regressor where values are learnt. */
  readonly model: ModelChoice;
  readonly seed: number;
  /** Utterances of each test speaker that are known without labels; default none. */
  readonly adapt?: number | "all" | undefined;
}

/** What else an evaluation of classes may take and give. */
export type EvaluationExtras = Pick<CrossValidation, "calibration" | "trustCalibration" | "onFold">;

/** Returns what both kinds of evaluation take from data and caller. */
function shared(
  { dataset, table, train, test, featureSet }: TrainingData,
  { splits, leaks, foldsName }: CheckedSplits,
  { signal, pause, onProgress }: TrainingContext,
) {
  return {
    ...{ dataset, table, trainHeard: train, testHeard: test, featureSet },
    ...{ splits, leaks, foldsName, signal, pause },
    onProgress: (part: number) =>
      onProgress?.("folds", Math.round(part * splits.length * 100) / 100, splits.length),
  };
}

/** Returns the result of cross-validating the plan's estimator. @throws UndertoneError `split/*`, `learn/*`, `cancelled`. */
export async function evaluateClasses(
  data: TrainingData,
  { model, seed, adapt }: ModelPlan,
  given: { readonly splits: CheckedSplits } & TrainingContext & EvaluationExtras,
): Promise<EvaluationResult> {
  refuseMissingSpeakers(data, { adapt });
  const { calibration, trustCalibration, onFold } = given;
  return crossValidate({
    ...shared(data, given.splits, given),
    ...{ calibration, trustCalibration, onFold, seed },
    labelMap: data.labelMap,
    estimator: estimatorOf(model),
    ...(adapt !== undefined && { adapt: { utterances: adapt, shrinkage: defaultShrinkage } }),
  });
}

/** Returns the result of cross-validating the plan's regressor on the utterances that have every value. @throws UndertoneError `split/*`, `learn/*`, `cancelled`. */
export async function evaluateValues(
  data: TrainingData,
  { model, seed }: Pick<ModelPlan, "model" | "seed">,
  given: { readonly splits: CheckedSplits } & TrainingContext,
): Promise<ValueEvaluation> {
  return crossValidateValues({
    ...shared(data, given.splits, given),
    names: data.values,
    regressor: estimatorOf(model, "values"),
    seed,
  });
}
