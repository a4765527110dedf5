/** Coefficient of determination. */
import { mean } from "../../math/statistics.js";
import type { ValueMetric } from "./scored.js";

/** 1 − Σ (truth − predicted)² / Σ (truth − mean)², at most 1, as scikit-learn's `r2_score`; null for a constant truth. */
export const r2: ValueMetric = {
  id: "r2",
  title: "Explained variance (R²)",
  summary:
    "The part of the ratings' spread that the predictions explain: 1 is perfect, 0 no better than always saying the mean.",
  better: "higher",
  value({ truth, predicted }) {
    const centre = mean(truth);
    let errors = 0;
    let spread = 0;
    for (let i = 0; i < truth.length; i++) {
      errors += (truth[i] - predicted[i]) ** 2;
      spread += (truth[i] - centre) ** 2;
    }
    return spread > 0 ? 1 - errors / spread : null;
  },
};
