/** Precision, averaged over classes. */
import { classScores, macroMean } from "./class-scores.js";
import type { Metric } from "./scored.js";

export const precisionMacro: Metric = {
  id: "precisionMacro",
  title: "Precision, macro",
  summary: "When an emotion is named, how often that is right, averaged over emotions.",
  better: "higher",
  unit: "part",
  from: "choices",
  value: ({ confusion }) => macroMean(classScores(confusion), "precision"),
};
