/** Log loss (cross-entropy) of the scores as probabilities. */
import type { Metric } from "./scored.js";

/**
 * Returns the mean of −ln(score of the true class), in nats. Scores are clipped to [ε, 1 − ε] with ε = 2.2e-16, so that one
 * confident mistake costs at most 36 nats; scikit-learn's `log_loss` does the same for float64 scores.
 */
export function meanLogLoss(truth: Int32Array, scores: ArrayLike<number>, classCount: number): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) {
    const score = scores[i * classCount + truth[i]];
    sum -= Math.log(Math.min(Math.max(score, Number.EPSILON), 1 - Number.EPSILON));
  }
  return truth.length > 0 ? sum / truth.length : 0;
}

export const logLoss: Metric = {
  id: "logLoss",
  title: "Log loss",
  summary:
    "How surprised the scores are by the truth, in nats: 0 is certain and right, ln(number of emotions) is a plain guess.",
  better: "lower",
  unit: "nats",
  from: "scores",
  value: ({ truth, scores, classCount }) => meanLogLoss(truth, scores, classCount),
};
