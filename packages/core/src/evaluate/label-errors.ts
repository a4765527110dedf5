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
  /** Whether the class that counts in the joint, the likeliest of those whose scores reach their usual ones, is another than the label. */
  readonly confident: boolean;
}

/** What the scores say of the labels. */
export interface LabelErrors {
  readonly classes: readonly string[];
  /** The usual score of each class: the mean over the utterances that bear it; null for a class that none bears. */
  readonly thresholds: readonly (number | null)[];
  /** joint[label][class]: utterances with that label that confidently are of that class. */
  readonly joint: readonly (readonly number[])[];
  /** Part of the counted utterances that is off the diagonal: a model that errs makes it too high. */
  readonly noiseRate: number;
  /** The utterances for which the models find another class likelier than the label, the most doubtful first. */
  readonly doubts: readonly LabelDoubt[];
}

/**
 * Returns the labels in the order of doubt (Northcutt, Jiang and Chuang 2021, Journal of Artificial Intelligence Research 70: the confident
 * joint, pruned where label and prediction agree as in cleanlab; ranked by self-confidence, the score of the label itself, which is the right
 * order where any class is taken for any other as often). A class that no utterance bears has no usual score and is never suggested.
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
    return own.length > 0 ? own.reduce((sum, { scores }) => sum + scores[k], 0) / own.length : null;
  });
  const borne = classes.flatMap((_, k) => (thresholds[k] === null ? [] : [k]));
  const joint = classes.map(() => classes.map(() => 0));
  const doubts = predictions.flatMap((prediction, i): LabelDoubt[] => {
    const { id, speaker, truth, scores } = prediction;
    const label = labels[i];
    const counted = best(
      borne.filter((k) => scores[k] >= thresholds[k]!),
      scores,
    );
    if (counted !== undefined) joint[label][counted]++;
    const suggested = best(borne, scores)!;
    if (scores[suggested] <= scores[label]) return [];
    const doubt = {
      id,
      speaker,
      label: truth,
      suggested: classes[suggested],
      labelScore: scores[label],
      suggestedScore: scores[suggested],
      confident: counted !== undefined && counted !== label,
    };
    return [doubt];
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
