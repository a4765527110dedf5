/** What an artifact needs to know its limits, fitted on the scores of its evaluation: those for speakers whom no model had heard. */
import { fitOutOfDistribution } from "../artifact/out-of-distribution.js";
import { referenceProfile } from "../artifact/reference-profile.js";
import type { ArtifactDescription } from "../artifact/write-artifact.js";
import type { TrainingSet } from "../data/training-set.js";
import { UndertoneError } from "../errors.js";
import { applyCalibration, fitCalibration } from "../evaluate/calibration/index.js";
import type { EvaluationResult } from "../evaluate/evaluation-result.js";
import { scoreTable } from "../evaluate/score-table.js";
import { fitConformal } from "../evaluate/trust/conformal.js";
import { pointAtRisk } from "../evaluate/trust/risk-coverage.js";
import { answersOf, conformalRows } from "../evaluate/trust/trust-result.js";
import { random } from "../math/random.js";

/** The part of unseen speakers' utterances whose prediction set is to hold the right class. */
const conformalLevel = 0.9;

/** What `maxRisk` led to, on the scores of the evaluation. */
export interface Abstention {
  readonly maxRisk: number;
  /** Least confidence of an answer. */
  readonly minConfidence: number;
  /** Part of the utterances that get an answer, and the part of the answers that are wrong. */
  readonly coverage: number;
  readonly risk: number;
}

/**
 * Returns calibration, confidence threshold, prediction sets and reference of an artifact.
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
  const calibration = fitCalibration(kind, scoreTable(predictions, classes));
  const calibrated = predictions.map((prediction) => {
    const scores = applyCalibration(prediction.scores, calibration);
    return { ...prediction, scores, predicted: classes[scores.indexOf(Math.max(...scores))] };
  });
  const abstention = maxRisk === undefined ? undefined : abstentionAt(maxRisk, calibrated);
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
  const speakerOf = new Map(dataset.utterances.map(({ id, speaker }) => [id, speaker]));
  const profile = fitOutOfDistribution(table, {
    speakers: table.ids.map((id) => speakerOf.get(id)!),
    reference,
    random: random(seed).fork("out-of-distribution"),
  });
  return { reference, outOfDistribution: profile };
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
