/** Area under the precision-recall curve, one class against the rest. */

import { meanAgainstRest } from "./roc-auc.js";
import { descendingOrder } from "./roc-curve.js";
import type { Metric } from "./scored.js";

/**
 * Returns the average precision Σ (Rₙ − Rₙ₋₁) Pₙ over the different scores from the highest down, 0..1, as scikit-learn's
 * `average_precision_score`: no interpolation, tied scores are one step. Null where there is no positive.
 */
export function averagePrecision(
  positive: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
): number | null {
  const order = descendingOrder(scores);
  let hits = 0;
  let area = 0;
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i]];
    let tiedHits = 0;
    for (; i < order.length && scores[order[i]] === score; i++) if (positive[order[i]]) tiedHits++;
    hits += tiedHits;
    area += tiedHits * (hits / i);
  }
  return hits > 0 ? area / hits : null;
}

export const prAucMacro: Metric = {
  id: "prAuc",
  title: "PR-AUC, one against the rest, macro",
  summary:
    "How pure the top of the list is when clips are sorted by an emotion's score, averaged over emotions; a plain guess gets the emotion's share of the clips.",
  better: "higher",
  unit: "part",
  from: "scores",
  /** As scikit-learn's `average_precision_score(average="macro")` of one column a class; null where a class does not occur. */
  value: (scored) => meanAgainstRest(scored, averagePrecision),
};
