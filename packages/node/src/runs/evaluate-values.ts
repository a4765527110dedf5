/** The evaluation of a regressor of arousal, valence and dominance, from recordings to the result. */
import {
  crossValidateValues,
  type DimensionName,
  regressor,
  UndertoneError,
  type ValueEvaluation,
  valuesOf,
} from "@undertone/core";
import { completeFeatures } from "../encoders/complete-features.js";
import type { EvaluationPlan } from "./evaluate-run.js";
import { type BrokenFile, extractTable } from "./extract-table.js";
import { findDuplicates, type RunHooks } from "./load-data.js";
import { openDataset } from "./open-dataset.js";
import { pauseForEvents } from "./pause-for-events.js";
import { splitData } from "./split-run.js";

/** An evaluation of values and the recordings that could not be heard. */
export interface ValueRun {
  readonly result: ValueEvaluation;
  readonly broken: readonly BrokenFile[];
}

/**
 * Returns the evaluation of the plan's regressor on the utterances that have every value.
 * @throws UndertoneError `learn/*`, `file/*`, `corpus/*`, `manifest/invalid`, `features/*`, `split/*`, `cancelled`.
 */
export async function evaluateValues(
  plan: EvaluationPlan & { readonly features: string },
  names: readonly DimensionName[],
  { signal, onWarning, onProgress }: RunHooks = {},
): Promise<ValueRun> {
  const model = regressor(plan.model.kind, plan.model.params); // refuses what it does not know before the long work
  const stop = signal ? { signal } : {};
  const opened = await openDataset(plan.data, {
    ...(plan.corpus === undefined ? {} : { corpus: plan.corpus }),
    ...stop,
  });
  const rated = opened.dataset.utterances.filter((utterance) => valuesOf(utterance, names));
  if (rated.length === 0)
    throw new UndertoneError(
      "corpus/empty",
      `'${opened.dataset.name}' has no utterance with ${names.join(" and ")}, expected a manifest with these columns`,
    );
  const featureSet = await completeFeatures(plan.features);
  const { table, dataset, broken } = await extractTable(
    { ...opened.dataset, utterances: rated },
    {
      featureSetId: featureSet,
      ...(plan.skipBroken === undefined ? {} : { skipBroken: plan.skipBroken }),
      ...stop,
      ...(onWarning ? { onWarning } : {}),
      onProgress: (done, total) => onProgress?.("features", done, total),
    },
  );
  const data = { dataset, table, corpus: opened.corpus, duplicates: findDuplicates(table) };
  const { splits, leaks, foldsName } = await splitData(data, plan);
  const unrated = opened.dataset.utterances.filter((utterance) => !valuesOf(utterance, names));
  const result = await crossValidateValues({
    dataset: { ...dataset, utterances: [...dataset.utterances, ...unrated] },
    table,
    names,
    splits,
    regressor: model,
    leaks,
    seed: plan.seed,
    foldsName,
    featureSet,
    pause: pauseForEvents,
    onProgress: (part) => onProgress?.("folds", Math.round(part * splits.length * 100) / 100, splits.length),
    ...stop,
  });
  return { result, broken };
}
