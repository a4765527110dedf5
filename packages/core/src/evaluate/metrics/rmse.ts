/** Root mean squared error. */
import type { ValueMetric } from "./scored.js";

/** √ mean (truth − predicted)², in the values' unit, as scikit-learn's `root_mean_squared_error`. */
export const rmse: ValueMetric = {
  id: "rmse",
  title: "Root mean squared error (RMSE)",
  summary: "The same with large errors weighted more.",
  better: "lower",
  value({ truth, predicted }) {
    let sum = 0;
    for (let i = 0; i < truth.length; i++) sum += (truth[i] - predicted[i]) ** 2;
    return truth.length > 0 ? Math.sqrt(sum / truth.length) : null;
  },
};
