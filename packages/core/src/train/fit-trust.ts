/** What an artifact needs to know its limits, fitted on the scores of its evaluation: those for speakers whom no model had heard. */
import { fitOutOfDistribution } from "../artifact/out-of-distribution.js";
import { referenceProfile } from "../artifact/reference-profile.js";
import type { ArtifactDescription } from "../artifact/write-artifact.js";
import type { TrainingSet } from "../data/training-set.js";
import { UndertoneError } from "../errors.js";
import { fitCalibration } from "../evaluate/calibration/index.js";
import type { EvaluationResult } from "../evaluate/evaluation-result.js";
import { domainsOf } from "../evaluate/inner-scores.js";
import { conformalLevel } from "../evaluate/left-out-corpora.js";
import { calibrationRows } from "../evaluate/score-table.js";
import { answersOf, conformalRows } from "../evaluate/trust/answers.js";
import { fitConformal } from "../evaluate/trust/conformal.js";
import { calibratedBy } from "../evaluate/trust/cross-fit.js";
import { answered, leastConfidence } from "../evaluate/trust/limits.js";
import { pointAtRisk } from "../evaluate/trust/risk-coverage.js";
import { random } from "../math/random.js";

/** When an artifact stays silent for want of confidence, on the scores that this was fitted on. */
export interface Abstention {
  /** What was asked for; absent where the data are of several corpora and nothing was. */
  readonly maxRisk?: number | undefined;
  /** Least confidence of an answer. */
  readonly minConfidence: number;
  /** Part of the utterances that get an answer, and the part of the answers that are wrong. */
  readonly coverage: number;
  readonly risk: number;
}

/**
 * Returns calibration, confidence threshold, prediction sets and reference of an artifact. Where the result is of several corpora, each left
 * out in turn, all of it is for corpora that the model will not have heard, and it stays silent below the confidence that `leastConfidence` finds.
 * @throws UndertoneError `learn/risk-out-of-reach` when even the surest answers are wrong more often than `maxRisk`, `learn/bad-parameter`.
 */
export function fitTrust(
  result: EvaluationResult,
  data: Pick<TrainingSet, "table" | "dataset">,
  { calibration: kind, maxRisk, seed }: { calibration: string; maxRisk?: number | undefined; seed: number },
): Pick<
  ArtifactDescription,
  "calibration" | "minConfidence" | "conformal" | "reference" | "outOfDistribution"
> & { readonly abstention?: Abstention | undefined } {
  const { predictions, classes } = result;
  const calibration = fitCalibration(kind, calibrationRows(predictions, classes));
  const strangers = result.corpora !== undefined;
  const calibrated = calibratedBy(predictions, classes, calibration);
  const abstention =
    maxRisk !== undefined
      ? abstentionAt(maxRisk, calibrated)
      : strangers
        ? abstentionFrom(leastConfidence(calibrated), calibrated)
        : undefined;
  return {
    calibration,
    conformal: fitConformal(conformalRows(calibrated, classes), conformalLevel),
    ...fitFamiliarity(data, seed),
    ...(abstention && { abstention, minConfidence: abstention.minConfidence }),
  };
}

/** Returns what tells recordings that sound like the training ones from others. */
export function fitFamiliarity(
  { table, dataset }: Pick<TrainingSet, "table" | "dataset">,
  seed: number,
): Pick<ArtifactDescription, "reference" | "outOfDistribution"> {
  const reference = referenceProfile(table);
  const byId = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const utterances = table.ids.map((id) => byId.get(id)!);
  const profile = fitOutOfDistribution(table, {
    speakers: utterances.map(({ speaker }) => speaker),
    corpora: domainsOf(utterances.map((utterance) => ({ utterance }))),
    reference,
    random: random(seed).fork("out-of-distribution"),
  });
  return { reference, outOfDistribution: profile };
}

function abstentionFrom(minConfidence: number, calibrated: EvaluationResult["predictions"]): Abstention {
  const { answered: coverage, accuracyAnswered } = answered(answersOf(calibrated), minConfidence);
  return { minConfidence, coverage, risk: 1 - (accuracyAnswered ?? 1) };
}

function abstentionAt(maxRisk: number, calibrated: EvaluationResult["predictions"]): Abstention {
  const answers = answersOf(calibrated);
  const point = pointAtRisk(answers, maxRisk);
  if (!point) {
    const lowest = pointAtRisk(answers, 1)!.risk;
    throw new UndertoneError(
      "learn/risk-out-of-reach",
      `No confidence keeps the wrong answers to ${maxRisk}, got ${lowest.toFixed(3)} with every answer; expected a risk that the surest answers keep to`,
      { details: { maxRisk } },
    );
  }
  const { threshold, coverage, risk } = point;
  return { maxRisk, minConfidence: threshold, coverage, risk };
}
