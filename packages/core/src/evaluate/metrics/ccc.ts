/** Concordance correlation coefficient, the field's measure of arousal, valence and dominance. */
import { mean } from "../../math/statistics.js";
import type { ValueMetric } from "./scored.js";

/**
 * 2 σₓᵧ / (σₓ² + σᵧ² + (μₓ − μᵧ)²) with population moments, −1..1 (Lin 1989; the AVEC challenges); null when truth and predictions
 * are one and the same constant.
 */
export const ccc: ValueMetric = {
  id: "ccc",
  title: "Concordance (CCC)",
  summary:
    "How closely predicted and rated values lie on the line of equality: 1 is perfect, 0 no relation; a wrong mean or spread costs.",
  better: "higher",
  value({ truth, predicted }) {
    const centreTruth = mean(truth);
    const centrePredicted = mean(predicted);
    let both = 0;
    let spread = 0;
    for (let i = 0; i < truth.length; i++) {
      const x = truth[i] - centreTruth;
      const y = predicted[i] - centrePredicted;
      both += x * y;
      spread += x * x + y * y;
    }
    spread += truth.length * (centreTruth - centrePredicted) ** 2;
    return spread > 0 ? (2 * both) / spread : null;
  },
};
