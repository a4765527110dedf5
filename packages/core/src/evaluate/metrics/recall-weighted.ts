/** Recall, averaged over classes by support, which equals the accuracy. */
import { classScores, weightedMean } from "./class-scores.js";
import type { Metric } from "./scored.js";

export const recallWeighted: Metric = {
  id: "recallWeighted",
  title: "Recall, weighted",
  summary: "Recall weighted by the number of clips; equal to the accuracy.",
  better: "higher",
  unit: "part",
  from: "choices",
  value: ({ confusion }) => weightedMean(classScores(confusion), "recall"),
};
