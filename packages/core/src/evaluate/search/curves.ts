/** Learning and validation curves: the scores of training and test part as one thing changes. */
import type { Split } from "../../data/split.js";
import type { Dataset } from "../../data/utterance.js";
import { UndertoneError } from "../../errors.js";
import { mean, standardDeviation } from "../../math/statistics.js";
import { type ModelChoice, withCandidate } from "./model-choice.js";
import { partOfTraining } from "./part-of-training.js";
import { searchMeasure } from "./search-measure.js";
import type { RunTrials, Trial } from "./trial.js";

/** One point of a curve. */
export interface CurvePoint {
  /** The share of training speakers, or the hyper-parameter's value. */
  readonly at: unknown;
  /** Mean number of training utterances. */
  readonly trainCount: number;
  /** The measure pooled over all folds: of the training parts, and of the test parts. */
  readonly train: number | null;
  readonly test: number | null;
  /** Population deviation of the folds' test scores, those where the measure is defined. */
  readonly deviation: number;
}

interface CurvePlan {
  readonly model: ModelChoice;
  readonly dataset: Dataset;
  readonly splits: readonly Split[];
  /** Id of a `searchMeasures` entry. */
  readonly measure: string;
  readonly seed: number;
}

/**
 * Returns the scores with growing shares (above 0 up to 1) of each fold's training speakers: whether more speakers would help.
 * @throws UndertoneError what a fit throws, `cancelled`.
 */
export function learningCurve(
  plan: CurvePlan & { readonly shares: readonly number[] },
  runTrials: RunTrials,
): Promise<CurvePoint[]> {
  const { shares, splits, dataset, seed, model } = plan;
  return curve(
    plan,
    shares.map((share) => ({
      at: share,
      trials: splits.map((split) => ({
        model,
        split: partOfTraining(split, dataset, { share, by: "speaker", seed }),
      })),
    })),
    runTrials,
  );
}

/**
 * Returns the scores over the values of one hyper-parameter: where the model starts to learn by heart.
 * @throws UndertoneError `learn/bad-parameter`, what a fit throws, `cancelled`.
 */
export function validationCurve(
  plan: CurvePlan & { readonly name: string; readonly values: readonly unknown[] },
  runTrials: RunTrials,
): Promise<CurvePoint[]> {
  const points = plan.values.map((value) => {
    const model = withCandidate(plan.model, { [plan.name]: value }, searchMeasure(plan.measure).learns);
    return { at: value, trials: plan.splits.map((split) => ({ model, split })) };
  });
  return curve(plan, points, runTrials);
}

async function curve(
  { measure, splits }: CurvePlan,
  points: readonly { at: unknown; trials: readonly Trial[] }[],
  runTrials: RunTrials,
): Promise<CurvePoint[]> {
  const { needsScores, of } = searchMeasure(measure);
  const keep = { scoreTraining: true, ...(needsScores && { keepScores: true }) };
  const results = await runTrials(
    points.flatMap(({ trials }) => trials.map((trial) => ({ ...trial, ...keep }))),
  );
  return points.map(({ at }, p) => {
    const own = results.slice(p * splits.length, (p + 1) * splits.length).map((result) => {
      if ("failed" in result) throw new UndertoneError(result.failed.code, result.failed.message);
      return result;
    });
    return {
      at,
      trainCount: mean(own.map(({ trainCount }) => trainCount)),
      train: of(own.map(({ train }) => train!)),
      test: of(own.map(({ test }) => test)),
      deviation: standardDeviation(own.map(({ test }) => of([test])).filter((value) => value !== null)),
    };
  });
}
