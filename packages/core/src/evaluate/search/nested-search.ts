/** Nested cross-validation: settings are chosen anew inside the training part of each outer fold, and scored on its unseen test part. */

import type { Split } from "../../data/split.js";
import { speakerFolds } from "../../data/splits/speaker-folds.js";
import { UndertoneError } from "../../errors.js";
import type { ScoredUtterance } from "../evaluation-result.js";
import type { ValuedUtterance } from "../fit-value-folds.js";
import { type SearchPlan, type SearchResult, search } from "./search.js";
import type { RunTrials } from "./trial.js";

/** What was chosen in one outer fold. */
export interface OuterChoice {
  readonly fold: string;
  readonly chosen: SearchResult["best"];
}

export interface NestedSearch {
  readonly choices: readonly OuterChoice[];
  /** The outer test parts, scored by what was chosen without them. */
  readonly predictions: readonly ScoredUtterance[];
  /** The same of values; one of the two is empty. */
  readonly valued: readonly ValuedUtterance[];
  readonly trainCounts: Readonly<Record<string, number>>;
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
  return {
    choices: found.map(({ split, best }) => ({ fold: split.name, chosen: best })),
    predictions: found.flatMap(({ result }) => result.predictions ?? []),
    valued: found.flatMap(({ result }) => result.valued ?? []),
    trainCounts: Object.fromEntries(found.map(({ split, result }) => [split.name, result.trainCount])),
  };
}
