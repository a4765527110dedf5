/** Matthews correlation coefficient of several classes. */
import { marginals } from "./confusion-matrix.js";
import type { Metric } from "./scored.js";

/**
 * Returns the correlation between truth and choice, −1..1 (Gorodkin 2004, "Comparing two K-category assignments by a K-category
 * correlation coefficient"), as scikit-learn's `matthews_corrcoef`; 0 when the truth or the choices are all one class.
 */
export function matthewsCorrelation(confusion: readonly (readonly number[])[]): number {
  const { truth, predicted, hits, total } = marginals(confusion);
  let both = 0;
  let ownTruth = 0;
  let ownPredicted = 0;
  for (let k = 0; k < truth.length; k++) {
    both += truth[k] * predicted[k];
    ownTruth += truth[k] ** 2;
    ownPredicted += predicted[k] ** 2;
  }
  const spread = (total * total - ownTruth) * (total * total - ownPredicted);
  return spread > 0 ? (hits * total - both) / Math.sqrt(spread) : 0;
}

export const mcc: Metric = {
  id: "mcc",
  title: "Matthews correlation (MCC)",
  summary:
    "Correlation between the emotion that was meant and the one that was named: 0 is chance, 1 perfect.",
  better: "higher",
  unit: "number",
  from: "choices",
  value: ({ confusion }) => matthewsCorrelation(confusion),
};
