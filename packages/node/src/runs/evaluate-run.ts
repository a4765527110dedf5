/** The evaluation of a plan's models by cross-validation, from recordings or a feature table to the result. */
import { takeUtterances } from "@undertone/core/data";
import { stopIfAborted, UndertoneError } from "@undertone/core/errors";
import {
  type Evaluation,
  type EvaluationResult,
  featureImportance,
  type ImportanceResult,
  type RobustnessResult,
  type TestedFold,
} from "@undertone/core/evaluate";
import { random } from "@undertone/core/math";
import {
  type EvaluationExtras,
  evaluatePlan,
  fitTrust,
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
    classes: classes && { ...classes, ...(await studies(data, { tested, result: classes }, plan, hooks)) },
    values,
  };
}

/** Returns what the plan asks for beside the evaluation itself. */
async function studies(
  data: LoadedData,
  { tested, result }: { readonly tested: readonly TestedFold[]; readonly result: EvaluationResult },
  { robustness, importance, seed, speeds, calibration }: RunPlan,
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
      tested.map((one) => ({ ...one, trust: trustOfFold(data, one, { result, calibration, seed }) })),
      { ...robustness, seed, speeds: speeds?.test },
      hooks,
    );
  }
  return found;
}

/** Returns what an artifact of the fold's training part would have: fitted on what the other folds' models say of it. */
function trustOfFold(
  { table, dataset }: LoadedData,
  { predictions }: TestedFold,
  about: { result: EvaluationResult; calibration: string | undefined; seed: number },
): ReturnType<typeof fitTrust> {
  const { result, calibration, seed } = about;
  const tested = new Set(predictions.map(({ speaker }) => speaker));
  const heard = new Set(dataset.utterances.filter(({ speaker }) => !tested.has(speaker)).map(({ id }) => id));
  const others = result.predictions.filter(({ id }) => heard.has(id));
  const rows = table.ids.flatMap((id, i) => (heard.has(id) ? [i] : []));
  return fitTrust(
    { ...result, predictions: others.length > 0 ? others : predictions },
    { dataset, table: rows.length > 0 ? takeUtterances(table, rows) : table },
    // Scores that were calibrated in the fold stay as they are.
    { calibration: calibration === undefined ? "temperature" : "none", seed },
  );
}
