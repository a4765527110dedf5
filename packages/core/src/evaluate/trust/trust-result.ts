/** How far the scores of an evaluation can be trusted: calibration, abstention and prediction sets, measured on unseen speakers. */
import { calibrationKinds, fitCalibration } from "../calibration/index.js";
import type { ScoredUtterance, TrustResult } from "../evaluation-result.js";
import { computeScores } from "../metrics/index.js";
import { calibrationRows, scoreTable } from "../score-table.js";
import { answersOf, conformalRows } from "./answers.js";
import { conformalCoverage, fitConformal } from "./conformal.js";
import { calibratedAcross, calibratedBy, type HeldOut } from "./cross-fit.js";
import { riskCoverage } from "./risk-coverage.js";

const levels = [0.8, 0.9, 0.95];

/** What the trust in scores is judged by. */
export interface TrustBasis {
  /** The calibration; `none` for scores as they are. */
  readonly calibration: string;
  /** Whether the predictions have been through it. */
  readonly calibrated?: boolean | undefined;
  /**
   * What is fitted for a fold is fitted on; default: on the predictions of the other folds. Where a fold is a corpus these will not do: their
   * models have heard it.
   */
  readonly heldOut?: HeldOut | undefined;
}

/** Predictions after the calibration, and what was held out for each of their folds after the one that was fitted on it. */
export interface Judged {
  readonly predictions: readonly ScoredUtterance[];
  readonly heldOut?: HeldOut | undefined;
}

/** Returns the predictions as they are to be judged. @throws UndertoneError `learn/bad-parameter` for an unknown calibration. */
export function judged(
  predictions: readonly ScoredUtterance[],
  classes: readonly string[],
  { calibration, calibrated, heldOut }: TrustBasis,
): Judged {
  return {
    predictions: calibrated
      ? predictions
      : calibratedAcross(predictions, classes, { kind: calibration, heldOut }),
    heldOut:
      heldOut &&
      new Map(
        [...heldOut].map(([fold, own]) => {
          const fitted = fitCalibration(calibration, calibrationRows(own, classes));
          return [fold, calibratedBy(own, classes, fitted)];
        }),
      ),
  };
}

/** Returns the trust in scored utterances, after a calibration that is fitted across folds unless it is `none`. */
export function trustResult(
  predictions: readonly ScoredUtterance[],
  classes: readonly string[],
  basis: TrustBasis,
): TrustResult {
  const { heldOut, calibrated } = basis;
  const several = heldOut !== undefined || new Set(predictions.map(({ fold }) => fold)).size > 1;
  const used = several && !calibrated ? basis.calibration : "none";
  const chosen = judged(predictions, classes, several ? basis : { calibration: "none" });
  const kinds = several && !(heldOut && calibrated) ? calibrationKinds : ["none"];
  const rows = conformalRows(chosen.predictions, classes);
  return {
    calibration: used,
    calibrations: kinds.map((kind) => {
      const after =
        kind === used ? chosen.predictions : calibratedAcross(predictions, classes, { kind, heldOut });
      const { uar, ece, logLoss, brier } = computeScores(scoreTable(after, classes));
      return { kind, uar, ece, logLoss, brier };
    }),
    riskCoverage: riskCoverage(answersOf(chosen.predictions)),
    conformal: several
      ? levels.map((level) =>
          conformalCoverage(
            rows,
            level,
            chosen.heldOut &&
              ((fold) => fitConformal(conformalRows(chosen.heldOut!.get(fold)!, classes), level)),
          ),
        )
      : [],
  };
}
