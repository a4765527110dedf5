/** Precision, recall and F1 of each class, and their means over classes. */

/** Measures of one class against the rest, all in 0..1. */
export interface ClassScores {
  /** How many utterances are of this class. */
  readonly support: number;
  /** How many utterances were given this class. */
  readonly predicted: number;
  /** Part of the utterances given this class that are of it; 0 when none was given it. */
  readonly precision: number;
  /** Part of the utterances of this class that were given it; 0 when there are none. */
  readonly recall: number;
  /** Harmonic mean of both; 0 when both are 0. */
  readonly f1: number;
}

/**
 * Returns the measures of each class. A division by zero gives 0, as scikit-learn's
 * `precision_recall_fscore_support(zero_division=0)`.
 */
export function classScores(confusion: readonly (readonly number[])[]): ClassScores[] {
  return confusion.map((counts, k) => {
    let support = 0;
    let predicted = 0;
    for (let j = 0; j < confusion.length; j++) {
      support += counts[j];
      predicted += confusion[j][k];
    }
    const hits = counts[k];
    return {
      support,
      predicted,
      precision: predicted > 0 ? hits / predicted : 0,
      recall: support > 0 ? hits / support : 0,
      f1: support + predicted > 0 ? (2 * hits) / (support + predicted) : 0,
    };
  });
}

/**
 * Returns the plain mean of a measure over the classes that occur in the truth or in the choices, as scikit-learn's
 * `average="macro"` with `labels=None`; 0 when no class occurs.
 */
export function macroMean(classes: readonly ClassScores[], measure: "precision" | "recall" | "f1"): number {
  let sum = 0;
  let count = 0;
  for (const scores of classes) {
    if (scores.support + scores.predicted === 0) continue;
    sum += scores[measure];
    count++;
  }
  return count > 0 ? sum / count : 0;
}

/** Returns the mean of a measure weighted by support, as scikit-learn's `average="weighted"`; 0 without utterances. */
export function weightedMean(
  classes: readonly ClassScores[],
  measure: "precision" | "recall" | "f1",
): number {
  let sum = 0;
  let weight = 0;
  for (const scores of classes) {
    sum += scores[measure] * scores.support;
    weight += scores.support;
  }
  return weight > 0 ? sum / weight : 0;
}
