/** Selective classification: what a model gets wrong when it may stay silent on what it is least sure of. */

/** An answered utterance: how sure the model was, and whether it was right. */
export interface Answer {
  /** Score of the chosen class, 0..1. */
  readonly confidence: number;
  readonly right: boolean;
}

/** When only answers with at least `threshold` confidence count: their part of all, and the part of them that is wrong. */
export interface RiskPoint {
  readonly threshold: number;
  readonly coverage: number;
  readonly risk: number;
}

/** The risk-coverage curve and the area under it. */
export interface RiskCoverage {
  /** Mean risk over all coverages, 0..1: 0 is never wrong, the error rate when confidence says nothing. */
  readonly aurc: number;
  /** From the surest answers to all of them, at most 100 points. */
  readonly curve: readonly RiskPoint[];
}

const curvePoints = 100;

/**
 * Returns every point of the curve, one for each different confidence, the surest first (El-Yaniv and Wiener 2010).
 */
export function riskPoints(answers: readonly Answer[]): RiskPoint[] {
  const sorted = answers.toSorted((a, b) => b.confidence - a.confidence);
  const points: RiskPoint[] = [];
  let wrong = 0;
  sorted.forEach(({ confidence, right }, i) => {
    if (!right) wrong++;
    if (sorted[i + 1]?.confidence === confidence) return;
    points.push({ threshold: confidence, coverage: (i + 1) / sorted.length, risk: wrong / (i + 1) });
  });
  return points;
}

/**
 * Returns the curve and its area: the mean over n = 1..N of the risk of the n surest answers (Geifman, Uziel and El-Yaniv 2019, "Bias-reduced
 * uncertainty estimation", AURC); among equally sure answers the expectation over their order.
 */
export function riskCoverage(answers: readonly Answer[]): RiskCoverage {
  const points = riskPoints(answers);
  let sum = 0;
  let before = 0;
  let wrongBefore = 0;
  for (const { coverage, risk } of points) {
    const n = Math.round(coverage * answers.length);
    const wrong = risk * n;
    const rate = (wrong - wrongBefore) / (n - before);
    for (let i = before + 1; i <= n; i++) sum += (wrongBefore + rate * (i - before)) / i;
    before = n;
    wrongBefore = wrong;
  }
  const step = Math.max(1, points.length / curvePoints);
  const curve = Array.from(
    { length: Math.min(points.length, curvePoints) },
    (_, i) => points[Math.min(points.length - 1, Math.ceil((i + 1) * step) - 1)],
  );
  return { aurc: answers.length > 0 ? sum / answers.length : 0, curve };
}

/** Returns the point of largest coverage whose risk is at most `maxRisk`, or undefined when even the surest answers are wrong more often. */
export function pointAtRisk(answers: readonly Answer[], maxRisk: number): RiskPoint | undefined {
  return riskPoints(answers).findLast(({ risk }) => risk <= maxRisk);
}
