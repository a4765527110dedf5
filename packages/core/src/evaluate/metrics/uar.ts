/** Unweighted average recall, the headline measure of the field (Schuller et al. 2009, Interspeech emotion challenge). */
import type { Metric } from "./scored.js";

/**
 * Returns the mean of the recalls of the classes that occur in the truth, 0..1; 0 when none occurs. scikit-learn calls
 * it `balanced_accuracy_score`.
 */
export function unweightedAverageRecall(confusion: ArrayLike<ArrayLike<number>>): number {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < confusion.length; k++) {
    let support = 0;
    for (let j = 0; j < confusion.length; j++) support += confusion[k][j];
    if (support === 0) continue;
    sum += confusion[k][k] / support;
    count++;
  }
  return count > 0 ? sum / count : 0;
}

export const uar: Metric = {
  id: "uar",
  title: "Unweighted average recall (UAR)",
  summary:
    "The part of each emotion's clips that was recognized, averaged so that every emotion counts the same.",
  better: "higher",
  unit: "part",
  from: "choices",
  value: ({ confusion }) => unweightedAverageRecall(confusion),
};
