/** Calibrated scores of an evaluation: each fold's by what the other folds' scores teach. */
import { applyCalibration, type Calibration, fitCalibration } from "../calibration/index.js";
import type { ScoredUtterance } from "../evaluation-result.js";
import { groupBy } from "../group-tables.js";
import { calibrationRows } from "../score-table.js";

/** By the name of each fold, its training part as `ClassFold.within` scored it. */
export type HeldOut = ReadonlyMap<string, readonly ScoredUtterance[]>;

/** Returns the predictions with calibrated scores and the class that then scores highest. */
export function calibratedBy(
  predictions: readonly ScoredUtterance[],
  classes: readonly string[],
  calibration: Calibration,
): ScoredUtterance[] {
  return predictions.map((prediction) => {
    const scores = applyCalibration(prediction.scores, calibration);
    return { ...prediction, scores, predicted: classes[scores.indexOf(Math.max(...scores))] };
  });
}

/**
 * Returns the predictions calibrated fold by fold, in their order. The calibration of a fold is fitted on what was held out for it, or on the
 * scores of all other folds, none of which was for a speaker whom its model had heard, so that it never sees the fold's own labels. A fold
 * that has no other is calibrated by itself.
 * @throws UndertoneError `learn/bad-parameter` for an unknown kind.
 */
export function calibratedAcross(
  predictions: readonly ScoredUtterance[],
  classes: readonly string[],
  { kind, heldOut }: { kind: string; heldOut?: HeldOut | undefined },
): readonly ScoredUtterance[] {
  if (kind === "none") return predictions;
  const folds = groupBy(predictions, ({ fold }) => fold);
  const after = new Map<ScoredUtterance, ScoredUtterance>();
  for (const [fold, own] of folds) {
    const others = heldOut?.get(fold) ?? predictions.filter((one) => one.fold !== fold);
    const calibration = fitCalibration(kind, calibrationRows(others.length > 0 ? others : own, classes));
    calibratedBy(own, classes, calibration).forEach((one, i) => {
      after.set(own[i], one);
    });
  }
  return predictions.map((one) => after.get(one)!);
}
