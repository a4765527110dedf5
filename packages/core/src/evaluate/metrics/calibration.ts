/** Calibration: whether the top score says how often the choice is right. */
import type { ReliabilityBin } from "../evaluation-result.js";
import type { Metric, Scored } from "./scored.js";

/**
 * Returns `bins` bins of equal width over the score of the chosen class, bin m holding (m / bins, (m + 1) / bins] and the first
 * one also 0 (Guo et al. 2017, "On calibration of modern neural networks", section 2).
 */
export function reliabilityBins(
  scored: Pick<Scored, "truth" | "predicted" | "scores" | "classCount">,
  { bins = 15 }: { bins?: number } = {},
): ReliabilityBin[] {
  const { truth, predicted, scores, classCount } = scored;
  const count = new Float64Array(bins);
  const confidence = new Float64Array(bins);
  const right = new Float64Array(bins);
  for (let i = 0; i < truth.length; i++) {
    const score = scores[i * classCount + predicted[i]];
    let bin = Math.min(bins - 1, Math.max(0, Math.ceil(score * bins) - 1));
    // The product may round across an edge; the edges themselves decide.
    if (bin > 0 && score <= bin / bins) bin--;
    else if (bin < bins - 1 && score > (bin + 1) / bins) bin++;
    count[bin]++;
    confidence[bin] += score;
    if (truth[i] === predicted[i]) right[bin]++;
  }
  return Array.from(count, (n, m) => ({
    low: m / bins,
    high: (m + 1) / bins,
    count: n,
    confidence: n > 0 ? confidence[m] / n : null,
    accuracy: n > 0 ? right[m] / n : null,
  }));
}

/**
 * Returns the expected calibration error: the gap between accuracy and confidence in each bin, averaged by count, 0..1
 * (Guo et al. 2017, equation 3).
 */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  let gap = 0;
  let total = 0;
  for (const { count, confidence, accuracy } of bins) {
    if (confidence === null || accuracy === null) continue;
    gap += count * Math.abs(accuracy - confidence);
    total += count;
  }
  return total > 0 ? gap / total : 0;
}

export const ece: Metric = {
  id: "ece",
  title: "Expected calibration error (ECE)",
  summary:
    "How far the stated confidence is from how often it is right, on average: 0 means that 70 % sure is right 70 % of the time.",
  better: "lower",
  unit: "part",
  from: "scores",
  value: (scored) => expectedCalibrationError(reliabilityBins(scored)),
};
