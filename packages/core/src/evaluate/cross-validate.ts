/** Fits an estimator on the training part of every split and scores its test part. */
import { describeProtocol } from "./describe-protocol.js";
import { evaluatePredictions } from "./evaluate-predictions.js";
import type { EvaluationResult, Leak, ScoredUtterance } from "./evaluation-result.js";
import { type FittedFold, type FoldFits, fitFolds, type SpeakerAdaptation } from "./fit-folds.js";

export interface CrossValidation extends FoldFits {
  /** What the leak gate found in these splits; it is reported, not judged, here. */
  readonly leaks: readonly Leak[];
  /** Where the folds come from, such as `published` or `speaker:6`. */
  readonly foldsName: string;
  /** Id of the feature set of `table`. */
  readonly featureSet: string;
  /** How much of the test speakers is known; default nothing. Results with and without are not to be compared. */
  readonly adapt?: SpeakerAdaptation;
  /** As `EvaluationOptions.trustCalibration`; `none` where `calibration` is given. */
  readonly trustCalibration?: string | undefined;
  /** Called with each fold's model, for what else is to be measured of it; a promise is waited for. */
  readonly onFold?:
    | ((fold: FittedFold, predictions: readonly ScoredUtterance[]) => void | Promise<void>)
    | undefined;
  /** Bootstrap samples. */
  readonly samples?: number | undefined;
}

/**
 * Returns the result pooled over the test parts of all splits.
 * @throws UndertoneError `split/invalid` when there is no split or an utterance is unknown or tested twice, and as `fitFolds`.
 */
export async function crossValidate(input: CrossValidation): Promise<EvaluationResult> {
  const { dataset, labelMap, leaks, adapt, calibration = "none" } = input;
  const predictions: ScoredUtterance[] = [];
  const trainCounts: Record<string, number> = {};
  for await (const fold of fitFolds(input)) {
    trainCounts[fold.name] = fold.trainCount;
    const scored = await fold.score(adapt);
    predictions.push(...scored);
    await input.onFold?.(fold, scored);
  }
  const protocol = describeProtocol({ ...input, predictions });
  return evaluatePredictions(predictions, {
    classes: labelMap.classes,
    protocol,
    leaks,
    dataset,
    trainCounts,
    trustCalibration: calibration === "none" ? (input.trustCalibration ?? "temperature") : "none",
    samples: input.samples,
  });
}
