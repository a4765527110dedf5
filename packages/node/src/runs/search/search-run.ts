/** A search from data to the chosen setting: trials on threads, each kept in a journal. */
import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { assertNoLeaks, findLeaks, inTable, type Split } from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import {
  type Candidate,
  type CurvePoint,
  type EvaluationResult,
  estimatorOf,
  type Halving,
  innerSplits,
  learningCurve,
  type ModelChoice,
  nestedSearch,
  type OuterChoice,
  poolFolds,
  type RunTrials,
  type SearchResult,
  search,
  searchMeasure,
  searchRounds,
  type TrialData,
  type ValueEvaluation,
  validationCurve,
  withCandidate,
} from "@undertone/core/evaluate";
import { defaultShrinkage } from "@undertone/core/learn";
import {
  type CheckedSplits,
  changesNote,
  type ModelPlan,
  type PlannedModels,
  refuseMissingSpeakers,
} from "@undertone/core/train";
import { cacheFolder } from "../../io/places.js";
import { trialPool } from "../../workers/trial-pool.js";
import type { ListedData, LoadedData, RunHooks } from "../load-data.js";
import { type SplitPlan, splitData } from "../split-run.js";
import { type Journal, openJournal, searchIdentity } from "./journal.js";

const usualInnerFolds = 5;

/** What to search for, and how. */
export interface SearchRunPlan extends SplitPlan, Omit<ModelPlan, keyof PlannedModels> {
  readonly model: ModelChoice;
  readonly calibration?: string | undefined;
  readonly candidates: readonly Candidate[];
  /** How the candidates came about, in words, such as "grid". */
  readonly method: string;
  /** Id of a `searchMeasures` entry. */
  readonly measure: string;
  readonly halving?: Halving | undefined;
  /** Folds of speakers inside a training part; default: 5, or as many as the smallest part has speakers. */
  readonly innerFolds?: number | undefined;
  /** Whether the choice itself is scored on the outer folds (`folds`). */
  readonly nested: boolean;
  /** Where the journal is kept, also after the search; default: in the cache, until the search has ended. */
  readonly journal?: string | undefined;
  /** Default: as many as the machine runs in parallel. */
  readonly threads?: number | undefined;
}

export interface SearchRun {
  readonly result: SearchResult;
  readonly innerFolds: readonly string[];
  /** The scores of the choice on unseen outer folds, and what was chosen in each. */
  readonly nested?: {
    /** Of classes, or of values. */
    readonly evaluation?: EvaluationResult | undefined;
    readonly values?: ValueEvaluation | undefined;
    readonly choices: readonly OuterChoice[];
  };
  /** How many trials there were, and how many of them the journal already had. */
  readonly trials: number;
  readonly restored: number;
}

/** A curve to draw instead of a search. */
export type CurveRequest =
  | { readonly kind: "learning"; readonly shares: readonly number[] }
  | { readonly kind: "validation"; readonly name: string; readonly values: readonly unknown[] };

type TrialPlan = Pick<SearchRunPlan, "seed" | "journal" | "threads" | "adapt" | "calibration">;

/** Returns what `work` makes of a runner of trials on threads; what the journal has is not done again. */
async function withTrials<T>(
  data: LoadedData,
  plan: TrialPlan,
  { total, hooks }: { total: number; hooks: RunHooks },
  work: (run: RunTrials) => Promise<T>,
): Promise<{ value: T; trials: number; restored: number }> {
  const trialData: TrialData = {
    dataset: data.dataset,
    table: data.table,
    labelMap: data.labelMap,
    seed: plan.seed,
    train: data.train,
    test: data.test,
    ...(data.values.length > 0 && { values: data.values }),
    ...known(plan),
  };
  const identity = searchIdentity(trialData);
  const journal: Journal = await openJournal(
    plan.journal ?? join(cacheFolder(), "searches", searchName(identity, plan)),
    identity,
  );
  const pool = trialPool(trialData, { threads: plan.threads ?? availableParallelism() });
  const onAbort = (): void => void pool.close();
  hooks.signal?.addEventListener("abort", onAbort, { once: true });
  let [done, restored] = [0, 0];
  try {
    if (hooks.signal?.aborted) throw new UndertoneError("cancelled", "The search was cancelled");
    const value = await work((trials) =>
      Promise.all(
        trials.map(async (trial) => {
          const held = journal.get(trial);
          if (held) restored++;
          else {
            const result = await pool.run(trial);
            await journal.add(trial, result);
            done++;
            hooks.onProgress?.("fits", done, Math.max(done, total - restored));
            return result;
          }
          return held;
        }),
      ),
    );
    if (plan.journal === undefined) await journal.remove();
    return { value, trials: done + restored, restored };
  } catch (error) {
    // The threads' own words for a stop come too late: everything waits for the pool.
    if (hooks.signal?.aborted)
      throw new UndertoneError(
        "cancelled",
        `The search was stopped after ${done + restored} of ${total} fits; the same command goes on from there`,
        { cause: error },
      );
    throw error;
  } finally {
    hooks.signal?.removeEventListener("abort", onAbort);
    await pool.close();
  }
}

/** Returns how the scores of every trial are calibrated, and what is known of its test speakers. */
function known({ adapt, calibration }: Pick<SearchRunPlan, "adapt" | "calibration">) {
  return {
    calibration,
    ...(adapt !== undefined && { adapt: { ...adapt, shrinkage: defaultShrinkage } }),
  };
}

/** Returns the name of the journal of this very search. */
function searchName(identity: string, plan: TrialPlan): string {
  const { threads: _, ...rest } = plan;
  return createHash("sha256")
    .update(`${identity} ${JSON.stringify(rest)}`)
    .digest("hex")
    .slice(0, 32);
}

/**
 * Returns folds of speakers over all utterances, which choose, and with `nested` those that score the choice, after the leak gate.
 * @throws UndertoneError `split/*`, `file/*`.
 */
export async function searchSplits(
  data: ListedData,
  plan: Pick<SearchRunPlan, "innerFolds" | "nested" | keyof SplitPlan>,
): Promise<{
  readonly splits: readonly Split[];
  readonly innerFolds: number;
  readonly outer: CheckedSplits | undefined;
}> {
  const { seed, allowLeak = [] } = plan;
  const outer = plan.nested ? await splitData(data, plan) : undefined;
  const innerFolds = plan.innerFolds ?? Math.max(2, Math.min(usualInnerFolds, fewestSpeakers(data, outer)));
  const { splits } = await splitData(data, { folds: `speaker:${innerFolds}`, seed, allowLeak });
  for (const split of outer?.splits ?? []) {
    const inner = innerSplits(split, { dataset: inTable(data), folds: innerFolds, seed });
    assertNoLeaks(findLeaks(data.dataset, inner, { duplicates: data.duplicates }), allowLeak);
  }
  return { splits, innerFolds, outer };
}

/** Returns how many speakers the smallest part has in which settings are chosen. */
function fewestSpeakers({ dataset, table }: ListedData, outer: CheckedSplits | undefined): number {
  const speakers = new Map(dataset.utterances.map(({ id, speaker }) => [id, speaker]));
  const parts = [table.ids, ...(outer?.splits ?? []).map(({ train }) => train)];
  return Math.min(...parts.map((ids) => new Set(ids.map((id) => speakers.get(id))).size));
}

/**
 * Returns the search's result; with `nested` also the honest scores of the whole procedure.
 * @throws UndertoneError `split/*`, `learn/*`, `file/*`, `cancelled`.
 */
export async function searchData(
  data: LoadedData,
  plan: SearchRunPlan,
  hooks: RunHooks = {},
): Promise<SearchRun> {
  const { model, candidates, measure, halving, seed } = plan;
  const { learns } = searchMeasure(measure);
  refuseMissingSpeakers(data, plan);
  for (const candidate of candidates) withCandidate(model, candidate, learns); // refuses what it does not know before the long work
  const { splits, innerFolds, outer } = await searchSplits(data, plan);
  const perSearch =
    innerFolds * searchRounds(candidates.length, halving).reduce((sum, round) => sum + round.candidates, 0);
  const total = perSearch + (outer ? outer.splits.length * (perSearch + 1) : 0);
  const shared = {
    model,
    candidates,
    dataset: inTable(data),
    measure,
    seed,
    halving,
  };
  const { value, trials, restored } = await withTrials(data, plan, { total, hooks }, async (run) => {
    const nested = outer && (await nestedSearch({ ...shared, outer: outer.splits, innerFolds }, run));
    return { nested, result: await search({ ...shared, splits }, run) };
  });
  const { nested, result } = value;
  const about = { result, innerFolds: splits.map(({ name }) => name), trials, restored };
  if (!nested || !outer) return about;
  const chosen = `chosen by ${measure} among ${candidates.length} settings (${plan.method}) on ${innerFolds} inner folds of training speakers`;
  const { params } = estimatorOf(model, learns);
  const { classes: evaluation, values } = poolFolds(
    {
      ...data,
      ...outer,
      seed,
      ...known(plan),
      samples: plan.bootstrap,
      note: changesNote(plan),
      estimator: {
        kind: model.kind,
        params: { ...params, ...openParameters(candidates), setting: chosen },
      },
    },
    nested.findings,
  );
  return { ...about, nested: { evaluation, values, choices: nested.choices } };
}

/** Returns "searched" for each parameter that the candidates set. */
function openParameters(candidates: readonly Candidate[]): Record<string, string> {
  return Object.fromEntries(Object.keys(candidates[0] ?? {}).map((name) => [name, "searched"]));
}

/** Returns the points of a curve over the outer folds. @throws UndertoneError `split/*`, `learn/*`, `file/*`, `cancelled`. */
export async function curveData(
  data: LoadedData,
  plan: SearchRunPlan,
  curve: CurveRequest,
  hooks: RunHooks = {},
): Promise<readonly CurvePoint[]> {
  const { model, measure, seed } = plan;
  refuseMissingSpeakers(data, plan);
  const { splits } = await splitData(data, plan);
  const shared = { model, dataset: inTable(data), splits, measure, seed };
  const points = curve.kind === "learning" ? curve.shares.length : curve.values.length;
  const { value } = await withTrials(data, plan, { total: points * splits.length, hooks }, (run) =>
    curve.kind === "learning"
      ? learningCurve({ ...shared, shares: curve.shares }, run)
      : validationCurve({ ...shared, name: curve.name, values: curve.values }, run),
  );
  return value;
}
