/** Counts of true class against chosen class. */

/**
 * Returns confusion[truth][predicted], `classCount` × `classCount` counts, as scikit-learn's `confusion_matrix` with
 * `labels=range(classCount)`.
 */
export function confusionMatrix(truth: Int32Array, predicted: Int32Array, classCount: number): number[][] {
  const confusion = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  for (let i = 0; i < truth.length; i++) confusion[truth[i]!]![predicted[i]!]!++;
  return confusion;
}
