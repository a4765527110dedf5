/** Cohen's kappa: agreement beyond chance. */
import { marginals } from "./confusion-matrix.js";
import type { Metric } from "./scored.js";

/**
 * Returns (agreement − chance agreement) / (1 − chance agreement), at most 1 (Cohen 1960), as scikit-learn's `cohen_kappa_score`; null
 * when truth and choices are one and the same class throughout, where chance cannot be told from skill.
 */
export function cohensKappa(confusion: readonly (readonly number[])[]): number | null {
  const { truth, predicted, hits, total } = marginals(confusion);
  const chance = truth.reduce((sum, n, k) => sum + n * predicted[k], 0);
  const room = total * total - chance;
  return room > 0 ? (hits * total - chance) / room : null;
}

export const kappa: Metric = {
  id: "kappa",
  title: "Cohen's kappa",
  summary:
    "Agreement with the labels beyond chance, in the measure by which two people are compared: 0 is chance, 1 perfect.",
  better: "higher",
  unit: "number",
  from: "choices",
  value: ({ confusion }) => cohensKappa(confusion),
};
