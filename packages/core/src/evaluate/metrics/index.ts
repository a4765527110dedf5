/** The list of measures. */
import type { Scores } from "../evaluation-result.js";
import { accuracy } from "./accuracy.js";
import { brier } from "./brier.js";
import { ece } from "./calibration.js";
import { f1Macro } from "./f1-macro.js";
import { f1Weighted } from "./f1-weighted.js";
import { kappa } from "./kappa.js";
import { logLoss } from "./log-loss.js";
import { mcc } from "./mcc.js";
import { prAucMacro } from "./pr-auc.js";
import { precisionMacro } from "./precision-macro.js";
import { precisionWeighted } from "./precision-weighted.js";
import { recallWeighted } from "./recall-weighted.js";
import { rocAucMacro } from "./roc-auc.js";
import type { Metric, Scored } from "./scored.js";
import { uar } from "./uar.js";

/** Every measure, in the order of reports; the first is the headline. */
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

/** Returns every measure of the utterances by its name in `Scores`. */
export function computeScores(scored: Scored): Scores {
  return Object.fromEntries(metrics.map((metric) => [metric.id, metric.value(scored)])) as unknown as Scores;
}
