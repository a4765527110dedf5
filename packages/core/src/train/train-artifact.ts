/** From a plan and loaded data to a fitted, calibrated and described artifact, with the evaluation on unseen speakers that it carries. */
import type { DimensionHead } from "../artifact/manifest.js";
import { type ArtifactDescription, writeArtifact } from "../artifact/write-artifact.js";
import { takeUtterances } from "../data/feature-table.js";
import { mapLabel } from "../data/label-map.js";
import { UndertoneError } from "../errors.js";
import { fitCalibration } from "../evaluate/calibration/index.js";
import type { ValueEvaluation } from "../evaluate/cross-validate-values.js";
import type { EvaluationResult, ScoredUtterance } from "../evaluate/evaluation-result.js";
import { valuesOf } from "../evaluate/fit-value-folds.js";
import { scoreTable } from "../evaluate/score-table.js";
import { estimatorOf, type ModelChoice } from "../evaluate/search/model-choice.js";
import type { Model } from "../learn/estimator.js";
import { groupIndices } from "../learn/group-indices.js";
import { defaultShrinkage } from "../learn/learn-speaker.js";
import { joinModels } from "../learn/pair.js";
import { fitMarks } from "../learn/recording-marks.js";
import type { CheckedSplits } from "./checked-splits.js";
import { evaluateClasses, evaluateValues } from "./evaluate-plan.js";
import { fitClasses, fitValues } from "./fit-on-all.js";
import { type Abstention, fitFamiliarity, fitTrust } from "./fit-trust.js";
import { modelCard } from "./model-card.js";
import { refuseMissing, type TrainingContext, type TrainingData } from "./training-data.js";

/** What determines an artifact on data that are loaded; one of the two models at least. */
export interface TrainingPlan {
  /** The estimator of the classes; absent for a model of values alone. */
  readonly model?: ModelChoice | undefined;
  /** The regressor of the values; absent for a model of classes alone. */
  readonly valueModel?: ModelChoice | undefined;
  readonly seed: number;
  /** Utterances of each test speaker that the evaluation knows without labels; default none. */
  readonly adapt?: number | "all" | undefined;
  /** How the scores are calibrated, such as `platt`; default temperature, none where the raters' votes are learnt. */
  readonly calibration?: string | undefined;
  /** The part of answers that may be wrong: the artifact then stays silent below the confidence that keeps to it. */
  readonly maxRisk?: number | undefined;
}

/** What an artifact says of its making, and what the run takes from outside. */
export interface ArtifactContext
  extends TrainingContext,
    Pick<ArtifactDescription, "name" | "created" | "undertone" | "featureSet"> {
  readonly splits: CheckedSplits;
  /** Called with the evaluation of classes before anything is fitted on all the data; throws to refuse it. */
  readonly check?: ((result: EvaluationResult) => void) | undefined;
}

/** An artifact and what is known of it. */
export interface TrainedArtifact {
  /** The `.onnx` file. */
  readonly bytes: Uint8Array;
  /** The evaluation of the classes on unseen speakers; absent for values alone. */
  readonly result?: EvaluationResult | undefined;
  /** The evaluation of the values; absent for classes alone. */
  readonly values?: ValueEvaluation | undefined;
  /** When the artifact stays silent for want of confidence; absent unless `maxRisk` was asked for. */
  readonly abstention?: Abstention | undefined;
}

/**
 * Refuses models that are not known or do not go together, before the long work.
 * @throws UndertoneError `learn/unknown-model`, `learn/bad-parameter`.
 */
export function checkModels({ model, valueModel }: Pick<TrainingPlan, "model" | "valueModel">): void {
  const classes = model && estimatorOf(model);
  if (!valueModel) return;
  estimatorOf(valueModel, "values");
  if (typeof classes?.params.speakerCentring === "number")
    throw new UndertoneError(
      "learn/bad-parameter",
      `'${classes.kind}' got speakerCentring beside a model of values, which does not adapt to speakers; expected one without, or values alone`,
    );
}

/**
 * Returns the artifact: evaluated on unseen speakers, fitted on all the data, calibrated and bounded by what the evaluation showed. Equal
 * arguments give equal bytes.
 * @throws UndertoneError `learn/*`, `split/*`, `artifact/invalid`, `cancelled`, and what `check` throws.
 */
export async function trainArtifact(
  data: TrainingData,
  plan: TrainingPlan,
  context: ArtifactContext,
): Promise<TrainedArtifact> {
  checkModels(plan);
  refuseMissing(data);
  const { model, valueModel, seed } = plan;
  const classes = model && (await trainClasses(data, { ...plan, model }, context));
  const values = valueModel && (await trainValues(data, { model: valueModel, seed }, context));
  const found = classes ?? values;
  if (!found) throw new TypeError("trainArtifact: got neither a model of classes nor one of values");
  const { name, created, undertone, featureSet } = context;
  const { protocol } = found.result;
  const graph = (classes && values ? joinModels(classes.model, values.model) : found.model).toOnnx();
  const bytes = writeArtifact(graph, {
    ...{ name, created, undertone, featureSet },
    speeds: data.test.map(({ speed }) => speed),
    labelMap: classes && data.labelMap,
    dimensions: values?.head,
    model: found.described,
    ...(classes?.trust ?? fitFamiliarity(data, seed)),
    training: { dataset: data.dataset.name, utterances: protocol.utterances, speakers: protocol.speakers },
    evaluation: classes ? evaluationSummary(classes.result) : null,
    card: modelCard(data, { classes: classes?.result, values: values?.result }),
  });
  return {
    bytes,
    result: classes?.result,
    values: values?.result,
    abstention: classes?.abstention,
  };
}

function evaluationSummary({
  uar,
  ci,
  protocol,
  leaks,
  rated,
}: EvaluationResult): ArtifactDescription["evaluation"] {
  return {
    uar,
    ci: ci.uar,
    protocol: protocol.summary,
    leaks: leaks.map(({ message }) => message),
    ...(rated && { jensenShannon: rated.jensenShannon }),
  };
}

/** The recordings of each speaker that are known where the scores for known speakers are made probabilities. */
const calibratedWith = 8;

/** What an artifact knows of its limits, and of speakers where it adapts to them. */
type Trust = Pick<
  ArtifactDescription,
  "speakers" | "calibration" | "conformal" | "reference" | "outOfDistribution" | "minConfidence"
>;

/** Evaluates and fits the classes. */
async function trainClasses(
  data: TrainingData,
  plan: TrainingPlan & { readonly model: ModelChoice },
  context: ArtifactContext,
): Promise<{
  result: EvaluationResult;
  model: Model;
  described: ArtifactDescription["model"];
  trust: Trust;
  abstention: Abstention | undefined;
}> {
  const { params } = estimatorOf(plan.model);
  // Scores that are to be the raters' votes must not be bent towards the labels.
  const votes = params.learnFrom === "votes" && params.classWeight === "none";
  const calibration = plan.calibration ?? (votes ? "none" : "temperature");
  const adaptable = typeof params.speakerCentring === "number";
  const adapted: ScoredUtterance[] = [];
  const result = await evaluateClasses(data, plan, {
    ...context,
    trustCalibration: calibration,
    ...(adaptable && {
      async onFold(fold) {
        adapted.push(...(await fold.score({ utterances: calibratedWith, shrinkage: defaultShrinkage })));
      },
    }),
  });
  context.check?.(result);
  const { abstention, ...trust } = fitTrust(result, data, { ...plan, calibration });
  stopIfAborted(context);
  const model = await fitClasses(data, plan, context);
  stopIfAborted(context);
  const speakers = adaptable && speakersOf(data, { moments: trust.reference, adapted, calibration });
  return {
    result,
    model,
    described: { kind: model.kind, params },
    trust: { ...(speakers && { speakers }), ...trust },
    abstention,
  };
}

/** Returns how an artifact learns its speakers: what tells their recordings apart comes from those that it was trained on. */
function speakersOf(
  { table, dataset, labelMap }: TrainingData,
  about: {
    readonly moments: ArtifactDescription["reference"];
    readonly adapted: readonly ScoredUtterance[];
    readonly calibration: string;
  },
): NonNullable<ArtifactDescription["speakers"]> {
  const { moments, adapted, calibration } = about;
  const { classes } = labelMap;
  const utterances = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const labels = table.ids.map((id) => {
    const { label } = utterances.get(id)!;
    return classes.indexOf((label !== undefined && mapLabel(labelMap, label)) || "");
  });
  const kept = table.ids.flatMap((_, i) => (labels[i] >= 0 ? [i] : []));
  const { axes, variances } = fitMarks(takeUtterances(table, kept), {
    groups: groupIndices(kept.map((i) => utterances.get(table.ids[i])!.speaker)),
    labels: Int32Array.from(kept, (i) => labels[i]),
    classes: classes.length,
    moments,
  });
  return {
    shrinkage: defaultShrinkage,
    ...(axes.length > 0 && { axes }),
    variances,
    calibration: fitCalibration(calibration, scoreTable(adapted, classes)),
  };
}

/** Evaluates and fits the values. */
async function trainValues(
  data: TrainingData,
  plan: { readonly model: ModelChoice; readonly seed: number },
  context: ArtifactContext,
): Promise<{
  result: ValueEvaluation;
  model: Model;
  described: ArtifactDescription["model"];
  head: Omit<DimensionHead, "output">;
}> {
  const result = await evaluateValues(data, plan, context);
  stopIfAborted(context);
  const model = await fitValues(data, plan, context);
  stopIfAborted(context);
  const { names, scores, ci, protocol, leaks } = result;
  const rated = data.dataset.utterances.flatMap((utterance) => {
    const values = valuesOf(utterance, names);
    return values ? [values] : [];
  });
  const values = names.map((name, k) => {
    const own = rated.map((one) => one[k]);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    return { name, low: Math.min(...own), high: Math.max(...own), mean };
  });
  const measures = names.map((name) => {
    const { ccc = null, mae = null, rmse = null, r2 = null } = scores[name];
    return { name, ccc, ci: ci.ccc[name], mae, rmse, r2 };
  });
  const described = { kind: model.kind, params: estimatorOf(plan.model, "values").params };
  const evaluation = { measures, protocol: protocol.summary, leaks: leaks.map(({ message }) => message) };
  return { result, model, described, head: { model: described, values, evaluation } };
}

function stopIfAborted({ signal }: TrainingContext): void {
  if (signal?.aborted) throw new UndertoneError("cancelled", "Training stopped on request");
}
