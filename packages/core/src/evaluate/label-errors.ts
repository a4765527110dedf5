/** Probably wrong labels: confident learning from scores of models that did not see the utterance. */
import { UndertoneError } from "../errors.js";
import type { ScoredUtterance } from "./evaluation-result.js";

/** One utterance whose label the models doubt, and why. */
export interface LabelDoubt {
  readonly id: string;
  readonly speaker: string;
  /** Its label, and the class that the models find likelier. */
  readonly label: string;
  readonly suggested: string;
  /** Scores of both, 0..1. */
  readonly labelScore: number;
  readonly suggestedScore: number;
  /** Whether the suggested class's score reaches its usual one, so that the utterance counts as mislabelled in the joint. */
  readonly confident: boolean;
}

/** What the scores say of the labels. */
export interface LabelErrors {
  readonly classes: readonly string[];
  /** The usual score of each class: the mean over the utterances that bear it. */
  readonly thresholds: readonly number[];
  /** joint[label][class]: utterances with that label that confidently are of that class. */
  readonly joint: readonly (readonly number[])[];
  /** Part of the counted utterances that is off the diagonal: a model that errs makes it too high. */
  readonly noiseRate: number;
  /** Every utterance, the most doubtful first. */
  readonly doubts: readonly LabelDoubt[];
}

/**
 * Returns the labels in the order of doubt (Northcutt, Jiang and Chuang 2021, Journal of Artificial Intelligence Research 70: the confident
 * joint; ranked by self-confidence, the score of the label itself, which is the right order where any class is taken for any other as often).
 * `predictions` must come from cross-validation, their scores in the order of `classes`.
 * @throws UndertoneError `learn/too-few-rows` without predictions, `learn/not-finite`.
 */
export function labelErrors(
  predictions: readonly ScoredUtterance[],
  classes: readonly string[],
): LabelErrors {
  if (predictions.length === 0)
    throw new UndertoneError("learn/too-few-rows", "Label errors got no prediction, expected at least 1");
  const labels = predictions.map(({ id, truth, scores }) => {
    if (scores.length !== classes.length || scores.some((score) => !Number.isFinite(score))) {
      throw new UndertoneError(
        "learn/not-finite",
        `Label errors got the scores ${scores.join(", ")} of '${id}', expected ${classes.length} finite numbers`,
      );
    }
    return classes.indexOf(truth);
  });
  const thresholds = classes.map((_, k) => {
    const own = predictions.filter((__, i) => labels[i] === k);
    return own.reduce((sum, { scores }) => sum + scores[k], 0) / Math.max(1, own.length);
  });
  const joint = classes.map(() => classes.map(() => 0));
  const doubts = predictions.map((prediction, i): LabelDoubt => {
    const { id, speaker, truth, scores } = prediction;
    const label = labels[i];
    const confidentClasses = classes.map((_, k) => k).filter((k) => scores[k] >= thresholds[k]);
    const counted = best(confidentClasses, scores);
    if (counted !== undefined) joint[label][counted]++;
    const others = classes.map((_, k) => k).filter((k) => k !== label);
    const suggested = best(others, scores) ?? label;
    return {
      id,
      speaker,
      label: truth,
      suggested: classes[suggested],
      labelScore: scores[label],
      suggestedScore: scores[suggested],
      confident: counted !== undefined && counted !== label,
    };
  });
  const total = joint.flat().reduce((a, b) => a + b, 0);
  const diagonal = joint.reduce((sum, line, k) => sum + line[k], 0);
  return {
    classes,
    thresholds,
    joint,
    noiseRate: total > 0 ? 1 - diagonal / total : 0,
    doubts: doubts.sort((a, b) => a.labelScore - b.labelScore || (a.id < b.id ? -1 : 1)),
  };
}

/** Returns the candidate of the greatest value. */
function best(candidates: readonly number[], values: readonly number[]): number | undefined {
  return candidates.reduce<number | undefined>(
    (top, k) => (top === undefined || values[k] > values[top] ? k : top),
    undefined,
  );
}
