/** Counts of true class against chosen class. */

/**
 * Returns confusion[truth][predicted], `classCount` × `classCount` counts, as scikit-learn's `confusion_matrix` with
 * `labels=range(classCount)`.
 */
export function confusionMatrix(truth: Int32Array, predicted: Int32Array, classCount: number): number[][] {
  const confusion = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  for (let i = 0; i < truth.length; i++) confusion[truth[i]][predicted[i]]++;
  return confusion;
}

/** Returns the sums of a confusion matrix: utterances of each class, utterances given each class, right ones, all. */
export function marginals(confusion: readonly (readonly number[])[]): {
  truth: number[];
  predicted: number[];
  hits: number;
  total: number;
} {
  const truth = confusion.map((counts) => counts.reduce((a, b) => a + b, 0));
  const predicted = confusion.map((_, k) => confusion.reduce((sum, counts) => sum + counts[k], 0));
  const hits = confusion.reduce((sum, counts, k) => sum + counts[k], 0);
  return { truth, predicted, hits, total: truth.reduce((a, b) => a + b, 0) };
}
