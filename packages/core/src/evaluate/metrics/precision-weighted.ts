/** Precision, averaged over classes by support. */
import { classScores, weightedMean } from "./class-scores.js";
import type { Metric } from "./scored.js";

export const precisionWeighted: Metric = {
  id: "precisionWeighted",
  title: "Precision, weighted",
  summary: "The same, each emotion weighted by its number of clips.",
  better: "higher",
  unit: "part",
  from: "choices",
  value: ({ confusion }) => weightedMean(classScores(confusion), "precision"),
};
