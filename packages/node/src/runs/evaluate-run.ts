/** The evaluation of a plan's models by cross-validation, from recordings or a feature table to the result. */
import { stopIfAborted, UndertoneError } from "@undertone/core/errors";
import {
  type Evaluation,
  featureImportance,
  type ImportanceResult,
  type RobustnessResult,
  type TestedFold,
} from "@undertone/core/evaluate";
import { random } from "@undertone/core/math";
import {
  type EvaluationExtras,
  evaluatePlan,
  type ModelPlan,
  refuseMissingSpeakers,
} from "@undertone/core/train";
import type { LoadedData, RunHooks } from "./load-data.js";
import { openRun } from "./open-run.js";
import { pauseForEvents } from "./pause-for-events.js";
import { type EvaluationPlan, type RunPlan, settledPlan } from "./plan/run-plan.js";
import { type SplitPlan, splitData } from "./split-run.js";

/** An evaluation and what it was made from. */
export interface EvaluationRun extends Evaluation {
  readonly data: LoadedData;
  /** What was done otherwise than the recipe says, whose expected result then does not apply. */
  readonly changes: readonly string[];
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
  const settled = settledPlan(plan);
  const { adapt, robustness, importance, calibration } = settled;
  if (adapt !== undefined && (robustness || importance)) {
    throw new UndertoneError(
      "usage/bad-value",
      "Got --robustness or --importance with speakers or collections that are known (adapt), expected such that are not",
    );
  }
  if (robustness && plan.table !== undefined)
    throw new UndertoneError(
      "usage/bad-value",
      "Got both --robustness and --table, expected recordings (--data) to degrade",
    );
  const { data, changes } = await openRun(plan, hooks);
  const tested: TestedFold[] = [];
  const { classes, values } = await evaluateData(data, { ...settled, changes }, hooks, {
    calibration,
    ...((robustness || importance) && {
      onFold: (fold, predictions) => {
        tested.push({ fold, predictions });
      },
    }),
  });
  return {
    data,
    changes,
    classes: classes && { ...classes, ...(await studies(data, tested, plan, hooks)) },
    values,
  };
}

/** Returns what the plan asks for beside the evaluation itself. */
async function studies(
  data: LoadedData,
  tested: readonly TestedFold[],
  { robustness, importance, seed, speeds }: RunPlan,
  hooks: RunHooks,
): Promise<{ robustness?: RobustnessResult; importance?: ImportanceResult }> {
  const found: { robustness?: RobustnessResult; importance?: ImportanceResult } = {};
  if (importance) {
    found.importance = await featureImportance(tested, {
      classes: data.labelMap.classes,
      random: random(seed).fork("importance"),
      onProgress: (done, total) => {
        stopIfAborted(hooks.signal);
        hooks.onProgress?.("importance", done, total);
      },
    });
  }
  if (robustness) {
    const { measureRobustness } = await import("./robustness.js");
    found.robustness = await measureRobustness(
      data,
      tested,
      { ...robustness, seed, speeds: speeds?.test },
      hooks,
    );
  }
  return found;
}
