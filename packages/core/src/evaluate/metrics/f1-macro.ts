/** F1, averaged over classes. */
import { classScores, macroMean } from "./class-scores.js";
import type { Metric } from "./scored.js";

export const f1Macro: Metric = {
  id: "f1Macro",
  title: "F1, macro",
  summary: "One figure for precision and recall together (their harmonic mean), averaged over emotions.",
  better: "higher",
  unit: "part",
  from: "choices",
  value: ({ confusion }) => macroMean(classScores(confusion), "f1"),
};
