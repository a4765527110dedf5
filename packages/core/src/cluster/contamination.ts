/** Where ordinary rows end and outliers begin. */
import { percentiles } from "../math/statistics.js";
import type { OptionCheck } from "./check-options.js";

/** The part of the rows that are outliers, above 0 up to 0.5; `auto` is the threshold of the method's authors. */
export type Contamination = "auto" | number;

export const contaminationCheck: OptionCheck = {
  expected: "'auto' or a number above 0 up to 0.5",
  accepts: (value) => value === "auto" || (typeof value === "number" && value > 0 && value <= 0.5),
};

/** Returns the scores, where `contamination` is given less the threshold (linear between ranks, as scikit-learn): outliers are above 0. */
export function lessThreshold(
  scores: Float64Array,
  { contamination, auto }: { contamination: Contamination | undefined; auto: number },
): Float64Array {
  if (contamination === undefined) return scores;
  const threshold = contamination === "auto" ? auto : percentiles(scores, [100 * (1 - contamination)])[0];
  return scores.map((score) => score - threshold);
}
