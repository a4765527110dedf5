/** Scored utterances as what trust is judged by: how sure, how right, and rows of prediction sets. */
import type { ScoredUtterance } from "../evaluation-result.js";
import type { ConformalRow } from "./conformal.js";
import type { Answer } from "./risk-coverage.js";

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
): (ConformalRow & { readonly fold: string })[] {
  return predictions.map(({ scores, truth, speaker, fold }) => ({
    scores,
    truth: classes.indexOf(truth),
    speaker,
    fold,
  }));
}
