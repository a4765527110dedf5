/** How far the scores of an evaluation can be trusted: calibration, abstention and prediction sets, measured on unseen speakers. */
import { calibrationKinds } from "../calibration/index.js";
import type { ScoredUtterance, TrustResult } from "../evaluation-result.js";
import { computeScores } from "../metrics/index.js";
import { scoreTable } from "../score-table.js";
import { conformalCoverage } from "./conformal.js";
import { crossFitCalibration } from "./cross-fit.js";
import { type Answer, riskCoverage } from "./risk-coverage.js";

const levels = [0.8, 0.9, 0.95];

/** Returns the trust in scored utterances, after a calibration that is fitted across folds unless it is `none`. */
export function trustResult(
  predictions: readonly ScoredUtterance[],
  classes: readonly string[],
  calibration: string,
): TrustResult {
  const several = new Set(predictions.map(({ fold }) => fold)).size > 1;
  const used = several ? calibration : "none";
  const after = (kind: string): readonly ScoredUtterance[] =>
    kind === "none" ? predictions : crossFitCalibration(predictions, classes, kind);
  const chosen = after(used);
  return {
    calibration: used,
    calibrations: (several ? calibrationKinds : ["none"]).map((kind) => {
      const { uar, ece, logLoss, brier } = computeScores(
        scoreTable(kind === used ? chosen : after(kind), classes),
      );
      return { kind, uar, ece, logLoss, brier };
    }),
    riskCoverage: riskCoverage(answersOf(chosen)),
    conformal: several ? levels.map((level) => conformalCoverage(conformalRows(chosen, classes), level)) : [],
  };
}

/** Returns how sure the model was of each utterance and whether it was right. */
export function answersOf(predictions: readonly ScoredUtterance[]): Answer[] {
  return predictions.map(({ scores, truth, predicted }) => ({
    confidence: Math.max(...scores),
    right: truth === predicted,
  }));
}

/** Returns the rows that prediction sets are fitted on. */
export function conformalRows(
  predictions: readonly ScoredUtterance[],
  classes: readonly string[],
): { scores: readonly number[]; truth: number; speaker: string; fold: string }[] {
  return predictions.map(({ scores, truth, speaker, fold }) => ({
    scores,
    truth: classes.indexOf(truth),
    speaker,
    fold,
  }));
}
