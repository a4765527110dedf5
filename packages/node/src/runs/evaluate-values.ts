/** The evaluation of a regressor of arousal, valence and dominance, from recordings or a feature table to the result. */
import { evaluatePlan, plannedEstimator, type ValueEvaluation } from "@undertone/core";
import type { EvaluationPlan } from "./evaluate-run.js";
import type { BrokenFile } from "./extract-table.js";
import { loadData, type RunHooks } from "./load-data.js";
import { pauseForEvents } from "./pause-for-events.js";
import { splitData } from "./split-run.js";

/** An evaluation of values and the recordings that could not be heard. */
export interface ValueRun {
  readonly result: ValueEvaluation;
  readonly broken: readonly BrokenFile[];
}

/** Returns the evaluation that the plan determines, with `values` in it. @throws UndertoneError as `loadData`, and `split/*`, `learn/*`, `cancelled`. */
export async function evaluateValuesRun(plan: EvaluationPlan, hooks: RunHooks = {}): Promise<ValueRun> {
  const models = { valueModel: plan.model, seed: plan.seed };
  plannedEstimator(models); // refuses what it does not know before the long work
  const data = await loadData(plan, plan.features, hooks);
  const splits = await splitData(data, plan);
  const { values } = await evaluatePlan(data, models, { ...hooks, splits, pause: pauseForEvents });
  return { result: values!, broken: data.broken };
}
