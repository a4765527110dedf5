/** What the rows of a calibration weigh, and which classes they may be of. */
import type { CalibrationRows } from "./calibrator.js";

export interface RowWeights {
  /** Together 1. */
  readonly weights: Float64Array;
  /** Whether a class is an answer for a row. */
  readonly isAnswer: (row: number, k: number) => boolean;
}

/**
 * Returns equal weights. Of several domains each weighs alike, and in it each of its classes: a corpus is not to count for its size. A class
 * that a domain lacks is no answer for its rows, since they cannot tell how often it would be right.
 */
export function rowWeights({ classCount, truth, domains }: CalibrationRows): RowWeights {
  if (!domains)
    return { weights: new Float64Array(truth.length).fill(1 / truth.length), isAnswer: () => true };
  const counts = new Map<number, number>();
  const classesOf = new Map<number, number>();
  truth.forEach((label, i) => {
    const cell = domains[i] * classCount + label;
    const count = counts.get(cell) ?? 0;
    if (count === 0) classesOf.set(domains[i], (classesOf.get(domains[i]) ?? 0) + 1);
    counts.set(cell, count + 1);
  });
  return {
    weights: Float64Array.from(truth, (label, i) => {
      const own = counts.get(domains[i] * classCount + label)!;
      return 1 / (own * classesOf.get(domains[i])! * classesOf.size);
    }),
    isAnswer: (row, k) => counts.has(domains[row] * classCount + k),
  };
}
