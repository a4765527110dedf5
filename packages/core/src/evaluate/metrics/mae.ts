/** Mean absolute error. */
import type { ValueMetric } from "./scored.js";

/** Mean |truth − predicted|, in the values' unit, as scikit-learn's `mean_absolute_error`. */
export const mae: ValueMetric = {
  id: "mae",
  title: "Mean absolute error (MAE)",
  summary: "How far a prediction is off on average, in the unit of the rating.",
  better: "lower",
  value({ truth, predicted }) {
    let sum = 0;
    for (let i = 0; i < truth.length; i++) sum += Math.abs(truth[i] - predicted[i]);
    return truth.length > 0 ? sum / truth.length : null;
  },
};
