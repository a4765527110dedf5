/** Area under the ROC curve, one class against the rest. */
import { descendingOrder } from "./roc-curve.js";
import type { Metric, Scored } from "./scored.js";

/**
 * Returns the probability that a positive scores above a negative, ties counting one half (Hanley and McNeil 1982), 0..1;
 * null where there is no positive or no negative. `weights` counts utterances more than once or not at all; `order` spares
 * the sorting (`descendingOrder(scores)`) to callers that have it.
 */
export function rocAuc(
  positive: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
  {
    weights,
    order = descendingOrder(scores),
  }: { weights?: ArrayLike<number> | undefined; order?: Uint32Array } = {},
): number | null {
  let hits = 0;
  let alarms = 0;
  let area = 0;
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i]];
    let tiedHits = 0;
    let tiedAlarms = 0;
    for (; i < order.length && scores[order[i]] === score; i++) {
      const weight = weights ? weights[order[i]] : 1;
      if (positive[order[i]]) tiedHits += weight;
      else tiedAlarms += weight;
    }
    area += tiedAlarms * (hits + tiedHits / 2);
    hits += tiedHits;
    alarms += tiedAlarms;
  }
  return hits > 0 && alarms > 0 ? area / (hits * alarms) : null;
}

/** Returns whether each utterance is of class `k`, and its score for `k`: what `rocAuc` and `rocCurve` take. */
export function oneAgainstRest(scored: Scored, k: number): { positive: Uint8Array; scores: Float64Array } {
  const { classCount, truth, scores } = scored;
  return {
    positive: Uint8Array.from(truth, (label) => (label === k ? 1 : 0)),
    scores: Float64Array.from(truth, (_, i) => scores[i * classCount + k]),
  };
}

/** Returns the mean over the classes of a measure of one class against the rest; null where it has none for a class. */
export function meanAgainstRest(
  scored: Scored,
  measure: (positive: Uint8Array, scores: Float64Array) => number | null,
): number | null {
  let sum = 0;
  for (let k = 0; k < scored.classCount; k++) {
    const { positive, scores } = oneAgainstRest(scored, k);
    const value = measure(positive, scores);
    if (value === null) return null;
    sum += value;
  }
  return sum / scored.classCount;
}

export const rocAucMacro: Metric = {
  id: "rocAuc",
  title: "ROC-AUC, one against the rest, macro",
  summary:
    "How often a clip of an emotion scores higher for it than a clip of another emotion: 50 % is chance, 100 % perfect.",
  better: "higher",
  unit: "part",
  from: "scores",
  /** As scikit-learn's `roc_auc_score(multi_class="ovr", average="macro")`; null where a class has no positive or no negative. */
  value: (scored) => meanAgainstRest(scored, rocAuc),
};
