/** Nested cross-validation: settings are chosen anew inside the training part of each outer fold, and scored on its unseen test part. */

import type { Split } from "../../data/split.js";
import { speakerFolds } from "../../data/splits/speaker-folds.js";
import { UndertoneError } from "../../errors.js";
import type { FoldFindings } from "../cross-validate.js";
import { type SearchPlan, type SearchResult, search } from "./search.js";
import type { RunTrials } from "./trial.js";

/** What was chosen in one outer fold. */
export interface OuterChoice {
  readonly fold: string;
  readonly chosen: SearchResult["best"];
}

export interface NestedSearch {
  readonly choices: readonly OuterChoice[];
  /** What was chosen in each fold says of the fold's test part, which it had no part in. */
  readonly findings: FoldFindings;
}

/**
 * Returns the inner folds of a split: `folds` folds of unseen speakers inside its training part.
 * @throws UndertoneError `split/too-few-speakers`.
 */
export function innerSplits(
  split: Split,
  { dataset, folds, seed }: { dataset: SearchPlan["dataset"]; folds: number; seed: number },
): Split[] {
  const train = new Set(split.train);
  const inside = { ...dataset, utterances: dataset.utterances.filter(({ id }) => train.has(id)) };
  return speakerFolds(inside, folds, seed).map((inner) => ({
    ...inner,
    name: `${split.name}/${inner.name}`,
  }));
}

/**
 * Returns the outer predictions (Cawley and Talbot 2010: scores of the folds that chose a setting flatter it; these do not).
 * @throws UndertoneError `split/too-few-speakers`, and as `search`.
 */
export async function nestedSearch(
  plan: Omit<SearchPlan, "splits"> & { readonly outer: readonly Split[]; readonly innerFolds: number },
  runTrials: RunTrials,
): Promise<NestedSearch> {
  const { outer, innerFolds, dataset, seed } = plan;
  const inner = outer.map((split) => innerSplits(split, { dataset, folds: innerFolds, seed }));
  const found = await Promise.all(
    outer.map(async (split, f) => {
      const { best } = await search({ ...plan, splits: inner[f] }, runTrials);
      const [result] = await runTrials([{ model: best.model, split, keepPredictions: true }]);
      if ("failed" in result!) throw new UndertoneError(result.failed.code, result.failed.message);
      return { split, best, result: result! };
    }),
  );
  const trainCounts = Object.fromEntries(found.map(({ split, result }) => [split.name, result.trainCount]));
  return {
    choices: found.map(({ split, best }) => ({ fold: split.name, chosen: best })),
    findings: {
      scored: found.flatMap(({ result }) => result.predictions ?? []),
      valued: found.flatMap(({ result }) => result.valued ?? []),
      trainCounts: { classes: trainCounts, values: trainCounts },
    },
  };
}
