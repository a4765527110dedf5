/** Below which confidence a model had better be silent among strangers. */
import type { ScoredUtterance } from "../evaluation-result.js";
import { groupBy } from "../group-tables.js";
import { answersOf } from "./answers.js";

/** The part of each corpus that is answered at least. */
const leastAnswered = 0.75;

/**
 * Returns the confidence that three quarters of every corpus reach, or 0 where silence below it would not make the answers better: nobody is
 * to be refused for another studio or language alone.
 * @param calibrated scores for corpora whom no model had heard, after the calibration that answers will have been through: by others, each
 * fitted on fewer corpora, scores are bolder than those that the limit is for.
 */
export function leastConfidence(calibrated: readonly ScoredUtterance[]): number {
  const corpora = [...groupBy(calibrated, ({ corpus }) => corpus ?? "").values()].map(answersOf);
  const reached = corpora.map((answers) => {
    const sorted = answers.map(({ confidence }) => confidence).sort((a, b) => a - b);
    return sorted[Math.floor((1 - leastAnswered) * sorted.length)];
  });
  const least = Math.min(...reached);
  const gain = corpora.reduce((sum, answers) => {
    const { accuracy, accuracyAnswered } = answered(answers, least);
    return sum + (accuracyAnswered ?? 0) - accuracy;
  }, 0);
  return gain > 0 ? least : 0;
}

/** Returns which part of utterances is answered from a confidence on, and how often the answers and all choices are right. */
export function answered(
  answers: ReturnType<typeof answersOf>,
  minConfidence: number,
): { answered: number; accuracyAnswered: number | null; accuracy: number } {
  const given = answers.filter(({ confidence }) => confidence >= minConfidence);
  const right = (some: typeof answers): number => some.filter((one) => one.right).length / some.length;
  return {
    answered: given.length / answers.length,
    accuracyAnswered: given.length > 0 ? right(given) : null,
    accuracy: right(answers),
  };
}
