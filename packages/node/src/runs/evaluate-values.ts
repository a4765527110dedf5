/** The evaluation of a regressor of arousal, valence and dominance, from recordings or a feature table to the result. */
import { crossValidateValues, estimatorOf, type ValueEvaluation } from "@undertone/core";
import type { EvaluationPlan } from "./evaluate-run.js";
import type { BrokenFile } from "./extract-table.js";
import { heardAt, type LoadedData, loadData, type RunHooks, trainingTables } from "./load-data.js";
import { pauseForEvents } from "./pause-for-events.js";
import { splitData } from "./split-run.js";

/** An evaluation of values and the recordings that could not be heard. */
export interface ValueRun {
  readonly result: ValueEvaluation;
  readonly broken: readonly BrokenFile[];
}

/** What determines the evaluation of values on data that are loaded; `model` is a regressor. */
export type ValuePlan = Pick<EvaluationPlan, "model" | "speeds" | "folds" | "group" | "seed" | "allowLeak">;

/** Returns the result of cross-validating the plan's regressor on the utterances that have every value. @throws UndertoneError `split/*`, `learn/*`, `cancelled`. */
export async function evaluateValueData(
  data: LoadedData,
  plan: ValuePlan,
  { signal, onProgress }: RunHooks = {},
): Promise<ValueEvaluation> {
  const { splits, leaks, foldsName } = await splitData(data, plan);
  return crossValidateValues({
    dataset: data.dataset,
    table: data.table,
    names: data.values,
    splits,
    regressor: estimatorOf(plan.model, "values"),
    leaks,
    seed: plan.seed,
    foldsName,
    featureSet: data.featureSet,
    trainHeard: trainingTables(data, plan.speeds?.train),
    testHeard: heardAt(data, plan.speeds?.test ?? [1]),
    pause: pauseForEvents,
    onProgress: (part) => onProgress?.("folds", Math.round(part * splits.length * 100) / 100, splits.length),
    signal,
  });
}

/** Returns the evaluation that the plan determines, with `values` in it. @throws UndertoneError as `loadData` and `evaluateValueData`. */
export async function evaluateValues(plan: EvaluationPlan, hooks: RunHooks = {}): Promise<ValueRun> {
  estimatorOf(plan.model, "values"); // refuses what it does not know before the long work
  const data = await loadData(plan, plan.features, hooks);
  return { result: await evaluateValueData(data, plan, hooks), broken: data.broken };
}
