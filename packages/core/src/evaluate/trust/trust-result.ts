/** How far the scores of an evaluation can be trusted: calibration, abstention and prediction sets, measured on unseen speakers. */
import { calibrationKinds } from "../calibration/index.js";
import type { ScoredUtterance } from "../evaluation-result.js";
import { computeScores } from "../metrics/index.js";
import { scoreTable } from "../score-table.js";
import { type ConformalResult, conformalCoverage } from "./conformal.js";
import { crossFitCalibration } from "./cross-fit.js";
import { type Answer, type RiskCoverage, riskCoverage } from "./risk-coverage.js";

/** The scores of an evaluation after a calibration; `none` is before. */
export interface CalibrationResult {
  readonly kind: string;
  readonly uar: number;
  readonly ece: number;
  readonly logLoss: number;
  readonly brier: number;
}

/** What an evaluation found about trust; plain JSON. */
export interface TrustResult {
  /** The calibration that `riskCoverage` and `conformal` are computed after; `none` for scores as they are. */
  readonly calibration: string;
  /** Each kind of calibration, each fold's fitted on the scores of the other folds; only `none` where there is one fold. */
  readonly calibrations: readonly CalibrationResult[];
  readonly riskCoverage: RiskCoverage;
  /** Sets of three levels, each fold's fitted on the other folds; empty where there is one fold. */
  readonly conformal: readonly ConformalResult[];
}

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
