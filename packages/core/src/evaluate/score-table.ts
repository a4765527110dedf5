/** From scored utterances, which people read, to the arrays that measures take. */
import { UndertoneError } from "../errors.js";
import { groupIndices } from "../learn/group-indices.js";
import type { CalibrationRows } from "./calibration/calibrator.js";
import type { ScoredUtterance } from "./evaluation-result.js";
import { confusionMatrix } from "./metrics/confusion-matrix.js";
import type { Scored } from "./metrics/scored.js";

/**
 * Returns the arrays of the predictions, in their order.
 * @throws UndertoneError `split/invalid` when there are none, `label-map/unmapped` when a class is not in `classes`,
 * `learn/not-finite` when a score is not a finite number or their count is not that of the classes.
 */
export function scoreTable(predictions: readonly ScoredUtterance[], classes: readonly string[]): Scored {
  if (predictions.length === 0) {
    throw new UndertoneError(
      "split/invalid",
      "Nothing to evaluate: got 0 scored utterances, expected at least 1",
    );
  }
  const index = new Map(classes.map((name, k) => [name, k]));
  const classCount = classes.length;
  const truth = new Int32Array(predictions.length);
  const predicted = new Int32Array(predictions.length);
  const scores = new Float64Array(predictions.length * classCount);
  predictions.forEach((prediction, i) => {
    truth[i] = classIndex(index, prediction.truth, prediction.id);
    predicted[i] = classIndex(index, prediction.predicted, prediction.id);
    if (prediction.scores.length !== classCount || !prediction.scores.every(Number.isFinite)) {
      throw new UndertoneError(
        "learn/not-finite",
        `Bad scores for '${prediction.id}': got [${prediction.scores.join(", ")}], expected ${classCount} finite numbers`,
      );
    }
    scores.set(prediction.scores, i * classCount);
  });
  return { classCount, truth, predicted, scores, confusion: confusionMatrix(truth, predicted, classCount) };
}

/** Returns what a calibration learns from the predictions: with their corpora, where they have some. @throws UndertoneError as `scoreTable`. */
export function calibrationRows(
  predictions: readonly ScoredUtterance[],
  classes: readonly string[],
): CalibrationRows {
  const domains = predictions.every(({ corpus }) => corpus !== undefined)
    ? groupIndices(predictions.map(({ corpus }) => corpus!))
    : undefined;
  return { ...scoreTable(predictions, classes), domains };
}

function classIndex(index: ReadonlyMap<string, number>, name: string, id: string): number {
  const k = index.get(name);
  if (k === undefined) {
    throw new UndertoneError(
      "label-map/unmapped",
      `Utterance '${id}' has class '${name}', expected one of ${[...index.keys()].join(", ")}`,
    );
  }
  return k;
}
