/** Fits an estimator on the training part of every split and scores its test part. */
import type { LabelMap } from "../data/label-map.js";
import { UndertoneError } from "../errors.js";
import type { Estimator } from "../learn/estimator.js";
import type { Adaptation, ClassFold } from "./class-fold.js";
import { describeProtocol, describeValueProtocol } from "./describe-protocol.js";
import { evaluatePredictions } from "./evaluate-predictions.js";
import { evaluateValuePredictions } from "./evaluate-values.js";
import type { Evaluation, Leak, ScoredUtterance, ValuedUtterance } from "./evaluation-result.js";
import { type FoldFits, fitFolds } from "./fit-folds.js";
import { areLeftOut } from "./left-out-corpora.js";
import type { HeldOut } from "./trust/cross-fit.js";

export interface CrossValidation extends FoldFits {
  /** What the leak gate found in these splits; it is reported, not judged, here. */
  readonly leaks: readonly Leak[];
  /** Where the folds come from, such as `published` or `speaker:6`. */
  readonly foldsName: string;
  /** Id of the feature set of `table`. */
  readonly featureSet: string;
  /** How much of the test speakers or collections is known; default nothing. Results with and without are not to be compared. Values are as without. */
  readonly adapt?: Adaptation | undefined;
  /**
   * The calibration that abstention and prediction sets are judged with; default `temperature`. Where corpora are left out it is fitted on
   * corpora that are left out inside each training part, if it is given; where `calibration` is, that one is.
   */
  readonly trustCalibration?: string | undefined;
  /** Label maps of fewer classes that left-out corpora are looked at by too. */
  readonly views?: readonly Pick<LabelMap, "id" | "classes">[] | undefined;
  /** Called with the classes of each fold, for what else is to be measured of its model; a promise is waited for. */
  readonly onFold?:
    | ((fold: ClassFold, predictions: readonly ScoredUtterance[]) => void | Promise<void>)
    | undefined;
  /** What else the protocol's summary is to say. */
  readonly note?: string | undefined;
  /** Bootstrap samples. */
  readonly samples?: number | undefined;
}

/** What the folds of an evaluation said of their test parts. */
export interface FoldFindings {
  readonly scored: readonly ScoredUtterance[];
  readonly valued: readonly ValuedUtterance[];
  /** Training utterances of each fold by its name, those with a class and those with every value. */
  readonly trainCounts: {
    readonly classes: Readonly<Record<string, number>>;
    readonly values: Readonly<Record<string, number>>;
  };
  /** What limits are fitted on where corpora are left out; absent where they are not to be. */
  readonly heldOut?: HeldOut | undefined;
}

/**
 * Returns what is found of each head that the estimator's models have, pooled over the test parts of all splits.
 * @throws UndertoneError `split/invalid` when there is no split or an utterance is unknown or tested twice, and as `fitFolds`.
 */
export async function crossValidate(input: CrossValidation): Promise<Evaluation> {
  const scored: ScoredUtterance[] = [];
  const valued: ValuedUtterance[] = [];
  const heldOut = new Map<string, readonly ScoredUtterance[]>();
  const limited = trustKind(input) !== undefined && areLeftOut(input.splits, input.dataset);
  const trainCounts = { classes: {} as Record<string, number>, values: {} as Record<string, number> };
  for await (const { name, classes, values } of fitFolds(input)) {
    if (classes) {
      trainCounts.classes[name] = classes.trainCount;
      const predictions = await classes.score(input.adapt);
      scored.push(...predictions);
      if (limited) heldOut.set(name, await classes.within(input.adapt));
      await input.onFold?.(classes, predictions);
    }
    if (values) {
      trainCounts.values[name] = values.trainCount;
      valued.push(...(await values.predict()));
    }
  }
  return poolFolds(input, { scored, valued, trainCounts, heldOut: limited ? heldOut : undefined });
}

/** Returns the calibration that was asked for, undefined for none. */
function trustKind({
  calibration = "none",
  trustCalibration = "none",
}: Pick<CrossValidation, "calibration" | "trustCalibration">): string | undefined {
  return [calibration, trustCalibration].find((kind) => kind !== "none");
}

/** Returns the evaluation of what the folds said, however they came to it. @throws UndertoneError `split/invalid`, and as `evaluatePredictions`. */
export function poolFolds(
  input: Omit<CrossValidation, "estimator" | "onFold"> & {
    readonly estimator: Pick<Estimator, "kind" | "params" | "parts">;
  },
  { scored, valued, trainCounts, heldOut }: FoldFindings,
): Evaluation {
  const { dataset, labelMap, values: names = [], leaks, samples, estimator, calibration = "none" } = input;
  const { parts = { classes: estimator, values: estimator } } = estimator;
  if (scored.length === 0 && valued.length === 0)
    throw new UndertoneError(
      "split/invalid",
      input.splits.length === 0
        ? "Got no split, expected at least 1"
        : "No test part has a class that its training part has, expected classes that several speakers say",
    );
  return {
    ...(scored.length > 0 && {
      classes: evaluatePredictions(scored, {
        classes: labelMap!.classes,
        protocol: describeProtocol({ ...input, labelMap: labelMap!, estimator: parts.classes }, scored),
        leaks,
        dataset,
        trainCounts: trainCounts.classes,
        trust: {
          calibration: calibration === "none" ? (input.trustCalibration ?? "temperature") : calibration,
          calibrated: calibration !== "none",
          heldOut,
        },
        leftOut: areLeftOut(input.splits, dataset) ? { views: input.views ?? [] } : undefined,
        samples,
      }),
    }),
    ...(valued.length > 0 && {
      values: evaluateValuePredictions(valued, {
        names,
        protocol: describeValueProtocol({ ...input, names, estimator: parts.values }, valued),
        leaks,
        trainCounts: trainCounts.values,
        samples,
      }),
    }),
  };
}
