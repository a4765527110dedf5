/** Calibrated scores of an evaluation: each fold's by what the other folds' scores teach. */
import { applyCalibration, fitCalibration } from "../calibration/index.js";
import type { ScoredUtterance } from "../evaluation-result.js";
import { scoreTable } from "../score-table.js";

/**
 * Returns the predictions with calibrated scores and the class that then scores highest. The calibration of a fold is fitted on the scores
 * of all other folds, none of which was for a speaker whom its model had heard, so it never sees the fold's own labels.
 * @throws UndertoneError `learn/bad-parameter` for an unknown kind; RangeError for fewer than two folds.
 */
export function crossFitCalibration(
  predictions: readonly ScoredUtterance[],
  classes: readonly string[],
  kind: string,
): ScoredUtterance[] {
  const folds = [...new Set(predictions.map(({ fold }) => fold))];
  if (folds.length < 2)
    throw new RangeError(`crossFitCalibration: got ${folds.length} folds, expected two or more`);
  const calibrations = new Map(
    folds.map((name) => [
      name,
      fitCalibration(
        kind,
        scoreTable(
          predictions.filter(({ fold }) => fold !== name),
          classes,
        ),
      ),
    ]),
  );
  return predictions.map((prediction) => {
    const scores = applyCalibration(prediction.scores, calibrations.get(prediction.fold)!);
    return { ...prediction, scores, predicted: classes[scores.indexOf(Math.max(...scores))] };
  });
}
