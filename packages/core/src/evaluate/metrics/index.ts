/** The lists of measures: of classes, and of values. */
import type { Scores } from "../evaluation-result.js";
import { accuracy } from "./accuracy.js";
import { brier } from "./brier.js";
import { ece } from "./calibration.js";
import { ccc } from "./ccc.js";
import { f1Macro } from "./f1-macro.js";
import { f1Weighted } from "./f1-weighted.js";
import { kappa } from "./kappa.js";
import { logLoss } from "./log-loss.js";
import { mae } from "./mae.js";
import { mcc } from "./mcc.js";
import { prAucMacro } from "./pr-auc.js";
import { precisionMacro } from "./precision-macro.js";
import { precisionWeighted } from "./precision-weighted.js";
import { r2 } from "./r2.js";
import { recallWeighted } from "./recall-weighted.js";
import { rmse } from "./rmse.js";
import { rocAucMacro } from "./roc-auc.js";
import type { Metric, Scored, ValueMetric, ValuePairs } from "./scored.js";
import { uar } from "./uar.js";

/** Every measure of classes, in the order of reports; the first is the headline. */
export const metrics: readonly Metric[] = [
  uar,
  accuracy,
  f1Macro,
  f1Weighted,
  precisionMacro,
  precisionWeighted,
  recallWeighted,
  rocAucMacro,
  prAucMacro,
  mcc,
  kappa,
  logLoss,
  brier,
  ece,
];

/** Every measure of values, in the order of reports; the first is the headline. */
export const valueMetrics: readonly ValueMetric[] = [ccc, mae, rmse, r2];

/** Returns every measure of the utterances by its name in `Scores`. */
export function computeScores(scored: Scored): Scores {
  return Object.fromEntries(metrics.map((metric) => [metric.id, metric.value(scored)])) as unknown as Scores;
}

/**
 * Returns every measure of the values by its id.
 * @throws RangeError when the lists differ in length.
 */
export function computeValueScores(pairs: ValuePairs): Readonly<Record<string, number | null>> {
  if (pairs.truth.length !== pairs.predicted.length) {
    throw new RangeError(
      `computeValueScores: got ${pairs.predicted.length} predictions for ${pairs.truth.length} values`,
    );
  }
  return Object.fromEntries(valueMetrics.map((metric) => [metric.id, metric.value(pairs)]));
}
