/** Accuracy, which the field also calls weighted average recall (WAR). */
import type { Metric } from "./scored.js";

/** Returns the part of the utterances that got their class, 0..1; 0 without utterances. */
export function accuracyOf(confusion: ArrayLike<ArrayLike<number>>): number {
  let hits = 0;
  let total = 0;
  for (let k = 0; k < confusion.length; k++) {
    for (let j = 0; j < confusion.length; j++) total += confusion[k][j];
    hits += confusion[k][k];
  }
  return total > 0 ? hits / total : 0;
}

export const accuracy: Metric = {
  id: "accuracy",
  title: "Accuracy (WAR)",
  summary: "The part of all clips that got the right emotion; frequent emotions count more.",
  better: "higher",
  unit: "part",
  from: "choices",
  value: ({ confusion }) => accuracyOf(confusion),
};
