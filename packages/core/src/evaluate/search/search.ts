/** The choice of hyper-parameters on folds of the training part: all settings on all folds, or successive halving. */
import type { Split } from "../../data/split.js";
import type { Dataset } from "../../data/utterance.js";
import { UndertoneError } from "../../errors.js";
import { mean, standardDeviation } from "../../math/statistics.js";
import { type ModelChoice, withCandidate } from "./model-choice.js";
import { partOfTraining } from "./part-of-training.js";
import { type SearchMeasure, searchMeasure } from "./search-measure.js";
import type { Candidate } from "./search-space.js";
import type { RunTrials, TrialResult } from "./trial.js";

/** How successive halving goes on. */
export interface Halving {
  /** One in so many settings goes on to the next round, which learns from so many times as many utterances. */
  readonly factor: number;
  /** The smallest share of the training part that a round learns from. */
  readonly smallest: number;
}

export const defaultHalving: Halving = { factor: 3, smallest: 0.1 };

export interface SearchPlan {
  readonly model: ModelChoice;
  readonly candidates: readonly Candidate[];
  readonly dataset: Dataset;
  /** Folds whose test parts the settings are judged by. */
  readonly splits: readonly Split[];
  /** Id of a `searchMeasures` entry, one of values where the model is a regressor. */
  readonly measure: string;
  readonly halving?: Halving | undefined;
  readonly seed: number;
}

/** What became of one setting. */
export interface TriedCandidate {
  readonly candidate: Candidate;
  readonly model: ModelChoice;
  /** The measure pooled over the test parts of all folds; null where a fit failed or the measure is not defined. */
  readonly score: number | null;
  /** The measure of each fold, null where it is not defined, and the mean and population deviation of the others. */
  readonly folds: readonly (number | null)[];
  readonly mean: number | null;
  readonly deviation: number | null;
  /** The share of the training part that it last learnt from, 1 without halving. */
  readonly share: number;
  /** Why there is no score: the setting is out of the race. */
  readonly failed?: string;
}

export interface SearchResult {
  readonly measure: string;
  /** The best first; those that learnt from more come before those that fell out earlier. */
  readonly tried: readonly TriedCandidate[];
  readonly best: TriedCandidate;
}

/** Returns the shares of the training part and the settings left in each round; one round of all without halving. */
export function searchRounds(candidates: number, halving?: Halving): { share: number; candidates: number }[] {
  if (!halving || candidates < 2) return [{ share: 1, candidates }];
  const rounds = Math.floor(Math.log(candidates) / Math.log(halving.factor) + 1e-9) + 1;
  return Array.from({ length: rounds }, (_, r) => ({
    share: Math.min(1, Math.max(halving.smallest, halving.factor ** (r - rounds + 1))),
    candidates: Math.max(1, Math.ceil(candidates / halving.factor ** r)),
  }));
}

/**
 * Returns what became of all settings. Each is judged by the measure pooled over the folds' test parts; of equal ones the first in the list is
 * taken. Successive halving (Jamieson and Talwalkar 2016; scikit-learn's HalvingGridSearchCV) starts all settings on a small share of the
 * training utterances of each fold and lets the better part go on with more.
 * @throws UndertoneError the first setting's error when all of them failed, `learn/bad-parameter`, `cancelled`.
 */
export async function search(plan: SearchPlan, runTrials: RunTrials): Promise<SearchResult> {
  const { dataset, splits, halving, seed } = plan;
  const measure = searchMeasure(plan.measure);
  if (plan.candidates.length === 0 || splits.length === 0)
    throw new RangeError(`search: got ${plan.candidates.length} settings and ${splits.length} folds`);
  const entries = plan.candidates.map((candidate) => ({
    candidate,
    model: withCandidate(plan.model, candidate, measure.learns),
  }));
  const out: TriedCandidate[] = [];
  let running = entries;
  const rounds = searchRounds(entries.length, halving);
  let error: UndertoneError | undefined;
  for (const [r, { share }] of rounds.entries()) {
    const parts = splits.map((split) => partOfTraining(split, dataset, { share, by: "utterance", seed }));
    const results = await runTrials(
      running.flatMap(({ model }) =>
        parts.map((split) => ({ model, split, ...(measure.needsScores && { keepScores: true }) })),
      ),
    );
    const judged = running.map((entry, c) => {
      const own = results.slice(c * parts.length, (c + 1) * parts.length);
      const failed = own.flatMap((result) => ("failed" in result ? [result.failed] : []))[0];
      if (failed) error ??= new UndertoneError(failed.code, failed.message);
      return { entry, tried: judge(entry, own, { measure, share }) };
    });
    const sign = measure.better === "higher" ? 1 : -1;
    const worth = ({ tried }: (typeof judged)[number]): number =>
      tried.score === null ? Number.NEGATIVE_INFINITY : sign * tried.score;
    const ranked = judged.sort((a, b) => compare(worth(b), worth(a)));
    const next = rounds[r + 1]?.candidates ?? 0;
    const alive = ranked.filter(({ tried }) => tried.score !== null).slice(0, next);
    const stays = new Set(alive);
    out.unshift(...ranked.filter((one) => !stays.has(one)).map(({ tried }) => tried));
    // In the order of the list again, so that equal scores fall to the first.
    running = entries.filter((entry) => alive.some((one) => one.entry === entry));
    if (running.length === 0) break;
  }
  const best = out.find(({ score }) => score !== null);
  if (!best) {
    throw (
      error ??
      new UndertoneError(
        "learn/too-few-rows",
        `'${measure.id}' is not defined for any setting, expected another measure`,
      )
    );
  }
  return { measure: measure.id, tried: out, best };
}

function judge(
  { candidate, model }: { candidate: Candidate; model: ModelChoice },
  results: readonly TrialResult[],
  { measure, share }: { measure: SearchMeasure; share: number },
): TriedCandidate {
  const error = results.flatMap((result) => ("failed" in result ? [result.failed.message] : []))[0];
  const parts = results.flatMap((result) => ("failed" in result ? [] : [result.test]));
  const score = error === undefined ? measure.of(parts) : null;
  const failed = error ?? (score === null ? `'${measure.id}' is not defined here` : undefined);
  const folds = parts.map((part) => measure.of([part]));
  const defined = folds.filter((value) => value !== null);
  const whole = failed === undefined && defined.length > 0;
  return {
    candidate,
    model,
    score,
    folds,
    mean: whole ? mean(defined) : null,
    deviation: whole ? standardDeviation(defined) : null,
    share,
    failed,
  };
}

/** Orders numbers of which several may be −∞, where a difference would be NaN. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
