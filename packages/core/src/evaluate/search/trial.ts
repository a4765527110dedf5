/** The unit of work of a search: one model fitted on the training part of one split and scored on its test part. */
import { takeUtterances } from "../../data/feature-table.js";
import { mapLabel } from "../../data/label-map.js";
import type { Split } from "../../data/split.js";
import { type ErrorCode, UndertoneError } from "../../errors.js";
import type { FitContext } from "../../learn/estimator.js";
import type { ScoredUtterance } from "../evaluation-result.js";
import { type FoldFits, fitFolds } from "../fit-folds.js";
import { estimatorOf, type ModelChoice } from "./model-choice.js";

/** What one trial is to do; survives JSON. */
export interface Trial {
  readonly model: ModelChoice;
  readonly split: Split;
  /** Whether the training part is scored as well. */
  readonly scoreTraining?: boolean;
  /** Whether the scored utterances are kept. */
  readonly keepPredictions?: boolean;
}

/** What a trial found; survives JSON. */
export type TrialResult =
  | {
      /** confusion[truth][predicted] of the test part, counts in the order of the classes. */
      readonly confusion: readonly (readonly number[])[];
      readonly trainConfusion?: readonly (readonly number[])[];
      readonly predictions?: readonly ScoredUtterance[];
      readonly trainCount: number;
    }
  | { readonly failed: { readonly code: ErrorCode; readonly message: string } };

/** What all trials of a search share. */
export type TrialData = Pick<
  FoldFits,
  "dataset" | "table" | "trainHeard" | "testHeard" | "labelMap" | "seed"
>;

/** Does trials, in any order and any number at a time; results come in the order of the trials. */
export type RunTrials = (trials: readonly Trial[]) => Promise<readonly TrialResult[]>;

/**
 * Returns what the trial found. A fit that is refused or does not converge is a result too: a search goes on with the other settings.
 * @throws UndertoneError `cancelled`, `features/mismatch`.
 */
export async function runTrial(
  data: TrialData,
  trial: Trial,
  context: Pick<FitContext, "signal" | "pause"> = {},
): Promise<TrialResult> {
  const { model, split } = trial;
  const { labelMap, table, dataset } = data;
  const { classes } = labelMap;
  try {
    for await (const fold of fitFolds({
      ...data,
      ...context,
      splits: [split],
      estimator: estimatorOf(model),
    })) {
      const predictions = await fold.score();
      return {
        confusion: countPairs(
          predictions.map(({ truth, predicted }) => [classes.indexOf(truth), classes.indexOf(predicted)]),
          classes.length,
        ),
        trainCount: fold.trainCount,
        ...(trial.keepPredictions && { predictions }),
        ...(trial.scoreTraining && {
          trainConfusion: countPairs(await trainingPairs(fold.scoreViews), classes.length),
        }),
      };
    }
  } catch (error) {
    if (!(error instanceof UndertoneError) || !error.code.startsWith("learn/")) throw error;
    return { failed: { code: error.code, message: error.message } };
  }
  throw new TypeError("runTrial: no fold");

  async function trainingPairs(
    score: (views: [typeof table]) => Promise<number[][]>,
  ): Promise<[number, number][]> {
    const train = new Set(split.train);
    const truth = new Map(
      dataset.utterances.flatMap(({ id, label }) => {
        const name = label === undefined ? null : mapLabel(labelMap, label);
        return name === null || !train.has(id) ? [] : [[id, classes.indexOf(name)] as const];
      }),
    );
    const rows = table.ids.flatMap((id, i) => (truth.has(id) ? [i] : []));
    const scores = await score([takeUtterances(table, rows)]);
    return rows.map((i, at) => {
      const own = scores[at]!;
      return [truth.get(table.ids[i]!)!, own.indexOf(Math.max(...own))];
    });
  }
}

function countPairs(pairs: readonly (readonly number[])[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [truth, predicted] of pairs) counts[truth!]![predicted!]!++;
  return counts;
}
