/** The evaluation of an estimator by cross-validation, from recordings or a feature table to the result. */
import {
  type Evaluation,
  type EvaluationExtras,
  type EvaluationResult,
  evaluatePlan,
  featureImportance,
  type ImportanceResult,
  type ModelChoice,
  type ModelPlan,
  type PlannedModels,
  plannedEstimator,
  type RobustnessResult,
  random,
  refuseMissingSpeakers,
  type TestedFold,
  UndertoneError,
} from "@undertone/core";
import { type DataSource, type LoadedData, loadData, type RunHooks } from "./load-data.js";
import { pauseForEvents } from "./pause-for-events.js";
import { type SplitPlan, splitData } from "./split-run.js";

/** Everything that determines an evaluation. */
export interface EvaluationPlan extends DataSource, SplitPlan {
  readonly features?: string;
  /** An estimator; a regressor where `values` are asked for alone. */
  readonly model: ModelChoice;
  /** The regressor of the `values` that an artifact gives beside classes. */
  readonly valueModel?: ModelChoice;
  /** Utterances of each test speaker that are known without labels; default none. */
  readonly adapt?: number | "all";
  /** How the scores are calibrated, such as `temperature`; default none in an evaluation, temperature in an artifact. */
  readonly calibration?: string | undefined;
  /** What to measure beside of how the model hears worse audio: clips to draw, folders of recorded noise. */
  readonly robustness?: { readonly clips: number; readonly noise: readonly string[] } | undefined;
  /** Whether to measure beside what the model listens to. */
  readonly importance?: boolean;
  /** The part of answers that may be wrong: an artifact then stays silent below the confidence that keeps to it. */
  readonly maxRisk?: number;
}

/** An evaluation and what it was made from. */
export interface EvaluationRun extends Evaluation {
  readonly data: LoadedData;
}

/** Returns which model of a plan learns the classes, and which the values. */
export function modelsOf({ model, valueModel, values }: EvaluationPlan): PlannedModels {
  return values && !values.besideClasses ? { model: undefined, valueModel: model } : { model, valueModel };
}

/** Returns the result of cross-validating the plan's models on data that are loaded. @throws UndertoneError `split/*`, `learn/*`, `cancelled`. */
export async function evaluateData(
  data: LoadedData,
  plan: SplitPlan & ModelPlan,
  hooks: RunHooks = {},
  extras: EvaluationExtras = {},
): Promise<Evaluation> {
  refuseMissingSpeakers(data, plan);
  const splits = await splitData(data, plan);
  return evaluatePlan(data, plan, { ...hooks, ...extras, splits, pause: pauseForEvents });
}

/** Returns the evaluation that the plan determines. @throws UndertoneError as `loadData`, and `split/*`, `learn/*`, `cancelled`. */
export async function evaluateRun(plan: EvaluationPlan, hooks: RunHooks = {}): Promise<EvaluationRun> {
  const models = modelsOf(plan);
  plannedEstimator(models); // refuses what it does not know before the long work
  const data = await loadData(plan, plan.features, hooks);
  if (plan.adapt !== undefined && (plan.robustness || plan.importance)) {
    throw new UndertoneError(
      "usage/bad-value",
      "Got --robustness or --importance with speakers who are known (adapt), expected speakers who are not",
    );
  }
  const tested: TestedFold[] = [];
  const studied = plan.robustness !== undefined || plan.importance === true;
  const { classes, values } = await evaluateData(data, { ...plan, ...models }, hooks, {
    calibration: plan.calibration,
    onFold: studied
      ? (fold, predictions) => {
          tested.push({ fold, predictions });
        }
      : undefined,
  });
  return {
    data,
    classes: classes && { ...classes, ...(await studies(data, tested, plan, hooks)) },
    values,
  };
}

/** Returns what the plan asks for beside the evaluation itself. */
async function studies(
  data: LoadedData,
  tested: readonly TestedFold[],
  { robustness, importance, seed, speeds }: EvaluationPlan,
  hooks: RunHooks,
): Promise<Pick<EvaluationResult, "robustness" | "importance">> {
  const found: { robustness?: RobustnessResult | undefined; importance?: ImportanceResult } = {};
  if (importance) {
    found.importance = await featureImportance(tested, {
      classes: data.labelMap.classes,
      random: random(seed).fork("importance"),
      onProgress: (done, total) => {
        hooks.signal?.throwIfAborted();
        hooks.onProgress?.("importance", done, total);
      },
    });
  }
  if (robustness) {
    const { measureRobustness } = await import("./robustness.js");
    const plan = { ...robustness, seed, ...(speeds && { speeds: speeds.test }) };
    found.robustness = await measureRobustness(data, tested, plan, hooks);
  }
  return found;
}
