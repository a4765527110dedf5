/** The evaluation of an estimator by cross-validation, from recordings or a feature table to the result. */
import {
  type EvaluationExtras,
  type EvaluationResult,
  estimatorOf,
  evaluatePlan,
  featureImportance,
  type ImportanceResult,
  type ModelChoice,
  type ModelPlan,
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
export interface EvaluationRun {
  readonly result: EvaluationResult;
  readonly data: LoadedData;
}

/** Returns the result of cross-validating the plan's estimator on data that are loaded. @throws UndertoneError `split/*`, `learn/*`, `cancelled`. */
export async function evaluateData(
  data: LoadedData,
  plan: SplitPlan & ModelPlan,
  hooks: RunHooks = {},
  extras: EvaluationExtras = {},
): Promise<EvaluationResult> {
  refuseMissingSpeakers(data, plan);
  const splits = await splitData(data, plan);
  const given = { ...hooks, ...extras, splits, pause: pauseForEvents };
  return (await evaluatePlan(data, plan, given)).classes!;
}

/** Returns the evaluation that the plan determines. @throws UndertoneError as `loadData`, and `split/*`, `learn/*`, `cancelled`. */
export async function evaluateRun(plan: EvaluationPlan, hooks: RunHooks = {}): Promise<EvaluationRun> {
  estimatorOf(plan.model); // refuses what it does not know before the long work
  const data = await loadData(plan, plan.features, hooks);
  if (plan.adapt !== undefined && (plan.robustness || plan.importance)) {
    throw new UndertoneError(
      "usage/bad-value",
      "Got --robustness or --importance with speakers who are known (adapt), expected speakers who are not",
    );
  }
  const tested: TestedFold[] = [];
  const result = await evaluateData(data, plan, hooks, {
    calibration: plan.calibration,
    ...((plan.robustness || plan.importance) && {
      onFold: (fold, predictions) => {
        tested.push({ fold, predictions });
      },
    }),
  });
  return { data, result: { ...result, ...(await studies(data, tested, plan, hooks)) } };
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
