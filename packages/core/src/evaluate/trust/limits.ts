/** Below which confidence a model had better be silent among strangers. */
import { mean } from "../../math/statistics.js";
import type { ScoredUtterance } from "../evaluation-result.js";
import { groupBy } from "../group-tables.js";
import { answersOf } from "./answers.js";
import type { Answer } from "./risk-coverage.js";

/** The part of a corpus that is to be answered, on average over corpora. */
const answeredPart = 0.65;

/**
 * Returns the mean over corpora of the confidence that 65 % of a corpus reach, or 0 where silence below it would not make the answers
 * better. A model of more corpora is surer than those that scored these, and answers more.
 * @param calibrated scores for corpora whom no model had heard, after the calibration that answers will have been through: by others, each
 * fitted on fewer corpora, scores are bolder than those that the limit is for.
 */
export function leastConfidence(calibrated: readonly ScoredUtterance[]): number {
  const corpora = [...groupBy(calibrated, ({ corpus }) => corpus ?? "").values()].map(answersOf);
  const reached = corpora.map((answers) => {
    const sorted = answers.map(({ confidence }) => confidence).sort((a, b) => a - b);
    return sorted[Math.floor((1 - answeredPart) * sorted.length)];
  });
  const least = mean(reached);
  const gain = corpora.reduce((sum, answers) => {
    const { accuracy, accuracyAnswered } = answered(answers, least);
    return sum + (accuracyAnswered ?? 0) - accuracy;
  }, 0);
  return gain > 0 ? least : 0;
}

/** Returns which part of utterances is answered from a confidence on, and how often the answers and all choices are right. */
export function answered(
  answers: readonly Answer[],
  minConfidence: number,
): { answered: number; accuracyAnswered: number | null; accuracy: number } {
  const given = answers.filter(({ confidence }) => confidence >= minConfidence);
  const right = (some: readonly Answer[]): number => some.filter((one) => one.right).length / some.length;
  return {
    answered: given.length / answers.length,
    accuracyAnswered: given.length > 0 ? right(given) : null,
    accuracy: right(answers),
  };
}
