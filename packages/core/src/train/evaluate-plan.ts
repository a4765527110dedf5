/** The evaluation of a plan's models on splits of data that are loaded. */
import { viewsOf } from "../data/label-maps/index.js";
import { UndertoneError } from "../errors.js";
import type { Adaptation } from "../evaluate/class-fold.js";
import { type CrossValidation, crossValidate } from "../evaluate/cross-validate.js";
import type { Evaluation } from "../evaluate/evaluation-result.js";
import { estimatorOf, type ModelChoice } from "../evaluate/search/model-choice.js";
import type { Estimator, TargetKind } from "../learn/estimator.js";
import { defaultShrinkage } from "../learn/learn-speaker.js";
import { pairOf } from "../learn/pair.js";
import type { CheckedSplits } from "./checked-splits.js";
import { refuseMissingSpeakers, type TrainingContext, type TrainingData } from "./training-data.js";

/** The models of a run; one of the two at least. */
export interface PlannedModels {
  /** The estimator of the classes; absent for a model of values alone. */
  readonly model?: ModelChoice | undefined;
  /** What `model` learns, "both" for one that learns the values in the same fit; default classes. */
  readonly learns?: TargetKind | undefined;
  /** The regressor of the values; absent for a model of classes alone. */
  readonly valueModel?: ModelChoice | undefined;
}

/** What determines the evaluation of models on splits. */
export interface ModelPlan extends PlannedModels {
  readonly seed: number;
  /** What is known of test speakers or collections without labels; default nothing. */
  readonly adapt?: Pick<Adaptation, "to" | "utterances"> | undefined;
  /** Ids of coarser label maps by which left-out corpora are looked at too. */
  readonly views?: readonly string[] | undefined;
  /** Bootstrap samples of the intervals; default 1000. */
  readonly bootstrap?: number | undefined;
  /** What is done otherwise than the recipe says that the plan was made of, such as `folds loso`; the protocol names it. */
  readonly changes?: readonly string[] | undefined;
}

/** What else an evaluation of classes may take and give. */
export type EvaluationExtras = Pick<CrossValidation, "calibration" | "trustCalibration" | "onFold">;

/**
 * Returns the estimator of the planned models, which refuses them before the long work when they are not known or do not go together.
 * @throws UndertoneError `learn/unknown-model`, `learn/bad-parameter`.
 */
export function plannedEstimator({ model, learns, valueModel }: PlannedModels): Estimator {
  const classes = model && estimatorOf(model, learns);
  const values = valueModel && estimatorOf(valueModel, "values");
  const one = classes ?? values;
  if (!one) throw new TypeError("plannedEstimator: got neither a model of classes nor one of values");
  if (!classes || !values) return one;
  if (typeof classes.params.speakerCentring === "number")
    throw new UndertoneError(
      "learn/bad-parameter",
      `'${classes.kind}' got speakerCentring beside a model of values, which does not adapt to speakers; expected one without, or values alone`,
    );
  return pairOf(classes, values);
}

/** Returns what the protocol says of a plan that does otherwise than its recipe. */
export function changesNote({ changes = [] }: Pick<ModelPlan, "changes">): string | undefined {
  return changes.length > 0 ? `NOT AS THE RECIPE SAYS: ${changes.join(", ")}` : undefined;
}

/** Returns the result of cross-validating the plan's models. @throws UndertoneError `split/*`, `learn/*`, `cancelled`. */
export async function evaluatePlan(
  data: TrainingData,
  plan: ModelPlan,
  given: { readonly splits: CheckedSplits } & TrainingContext & EvaluationExtras,
): Promise<Evaluation> {
  const { seed, adapt, bootstrap } = plan;
  refuseMissingSpeakers(data, { adapt });
  const { calibration, trustCalibration, onFold, signal, pause, onProgress } = given;
  const { length } = given.splits.splits;
  return crossValidate({
    ...data,
    ...given.splits,
    ...{ seed, calibration, trustCalibration, onFold, signal, pause },
    estimator: plannedEstimator(plan),
    samples: bootstrap,
    views: plan.views && viewsOf(data.labelMap, plan.views),
    note: changesNote(plan),
    adapt: adapt && { ...adapt, shrinkage: defaultShrinkage },
    onProgress: (part: number) => onProgress?.("folds", Math.round(part * length * 100) / 100, length),
  });
}
