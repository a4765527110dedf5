/** Brier score: the squared distance between the scores and the truth. */
import type { Metric } from "./scored.js";

/**
 * Returns the mean over utterances of Σₖ (scoreₖ − truthₖ)², 0..2 (Brier 1950), as scikit-learn's
 * `brier_score_loss(scale_by_half=False)`; 0 without utterances.
 */
export function brierScore(truth: Int32Array, scores: ArrayLike<number>, classCount: number): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) {
    for (let k = 0; k < classCount; k++) sum += (scores[i * classCount + k] - (truth[i] === k ? 1 : 0)) ** 2;
  }
  return truth.length > 0 ? sum / truth.length : 0;
}

export const brier: Metric = {
  id: "brier",
  title: "Brier score",
  summary:
    "Squared distance between the scores and the truth, which punishes wrong choices and wrong confidence alike: 0 is perfect, 2 the worst.",
  better: "lower",
  unit: "number",
  from: "scores",
  value: ({ truth, scores, classCount }) => brierScore(truth, scores, classCount),
};
