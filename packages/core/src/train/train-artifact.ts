/** From a plan and loaded data to a fitted, calibrated and described artifact, with the evaluation on unseen speakers that it carries. */
import { closestToAsItIs } from "../artifact/hear.js";
import { markClips } from "../artifact/learnt-clips.js";
import type { DimensionHead } from "../artifact/manifest.js";
import { withShortAxes } from "../artifact/short-axes.js";
import { type ArtifactDescription, writeArtifact } from "../artifact/write-artifact.js";
import type { FeatureTable, FeatureView } from "../data/feature-table.js";
import { corpusFolds } from "../data/splits/corpus-folds.js";
import { stopIfAborted } from "../errors.js";
import { fitCalibration } from "../evaluate/calibration/index.js";
import { collectionRows } from "../evaluate/class-fold.js";
import type {
  Evaluation,
  EvaluationResult,
  ScoredUtterance,
  ValueEvaluation,
} from "../evaluate/evaluation-result.js";
import { domainsOf } from "../evaluate/inner-scores.js";
import { areLeftOut } from "../evaluate/left-out-corpora.js";
import { calibrationRows } from "../evaluate/score-table.js";
import { lookUp, type TaughtRow, taughtRows, valuesOf } from "../evaluate/taught-rows.js";
import { calibratedBy } from "../evaluate/trust/cross-fit.js";
import { fitCollections } from "../learn/collection-model.js";
import type { Estimator } from "../learn/estimator.js";
import { groupIndices } from "../learn/group-indices.js";
import { defaultShrinkage } from "../learn/learn-speaker.js";
import { fitMarks } from "../learn/recording-marks.js";
import type { CheckedSplits } from "./checked-splits.js";
import { type EvaluationExtras, evaluatePlan, type ModelPlan, plannedEstimator } from "./evaluate-plan.js";
import { fitOnAll, rowsToLearn } from "./fit-on-all.js";
import { type Abstention, fitFamiliarity, fitTrust } from "./fit-trust.js";
import { modelCard } from "./model-card.js";
import { refuseMissing, type TrainingContext, type TrainingData } from "./training-data.js";

/** What determines an artifact on data that are loaded. */
export interface TrainingPlan extends ModelPlan {
  /** How the scores are calibrated, such as `platt`; default temperature, none where the raters' votes are learnt. */
  readonly calibration?: string | undefined;
  /** The part of answers that may be wrong: the artifact then stays silent below the confidence that keeps to it. */
  readonly maxRisk?: number | undefined;
}

/** What an artifact says of its making, and what the run takes from outside. */
export interface ArtifactContext
  extends TrainingContext,
    Pick<ArtifactDescription, "name" | "created" | "undertone" | "featureSet" | "conditions"> {
  readonly splits: CheckedSplits;
  /** Called with the evaluation before anything is fitted on all the data; throws to refuse it. */
  readonly check?: ((found: Evaluation) => void) | undefined;
}

/** An artifact, the evaluation of what it learnt on unseen speakers, and what else is known of it. */
export interface TrainedArtifact extends Evaluation {
  /** The `.onnx` file. */
  readonly bytes: Uint8Array;
  /** When the artifact stays silent for want of confidence; absent unless `maxRisk` was asked for. */
  readonly abstention?: Abstention | undefined;
  /** The model card that it carries. */
  readonly card: ArtifactDescription["card"];
}

/**
 * Returns the artifact: evaluated on unseen speakers, fitted on all the data, calibrated and bounded by what the evaluation showed. Data of
 * several corpora are evaluated on unseen corpora too, whatever the splits, and that is what the artifact is bounded by. Equal arguments give
 * equal bytes.
 * @throws UndertoneError `learn/*`, `split/*`, `artifact/invalid`, `cancelled`, and what `check` throws.
 */
export async function trainArtifact(
  data: TrainingData,
  plan: TrainingPlan,
  context: ArtifactContext,
): Promise<TrainedArtifact> {
  const estimator = plannedEstimator(plan);
  refuseMissing(data);
  const { seed, maxRisk } = plan;
  const { kind, params } = estimator.parts?.classes ?? estimator;
  // Scores that are to be the raters' votes must not be bent towards the labels.
  const votes = params.learnFrom === "votes" && params.classWeight === "none";
  const calibration = plan.calibration ?? (votes ? "none" : "temperature");
  const labelled = plan.model && taughtRows(data.dataset.utterances, { labelMap: data.labelMap });
  const several = labelled !== undefined && domainsOf(labelled) !== undefined;
  // What speakers of several corpora share, their collections tell.
  const adaptable = typeof params.speakerCentring === "number" && !several;
  const known: ScoredUtterance[] = [];
  const extras: EvaluationExtras = {
    trustCalibration: calibration,
    ...(adaptable && {
      async onFold(fold) {
        known.push(...(await fold.score({ utterances: calibratedWith, shrinkage: defaultShrinkage })));
      },
    }),
  };
  const corpora = plan.model && corporaSplits(data, context.splits);
  const found = await evaluatePlan(data, plan, { ...context, ...(!corpora && extras) });
  context.check?.(found);
  const strangers =
    corpora &&
    found.classes &&
    (await evaluatePlan(data, plan, { ...context, ...extras, splits: corpora })).classes;
  const values = found.values;
  const classes =
    found.classes && strangers
      ? { ...found.classes, corpora: strangers.corpora, views: strangers.views }
      : found.classes;
  const { abstention, ...trust } = classes
    ? fitTrust(strangers ?? classes, data, { calibration, maxRisk, seed })
    : { ...fitFamiliarity(data, seed), abstention: undefined };
  stopIfAborted(context.signal, "Training stopped on request");
  const rows = rowsToLearn(data, estimator);
  const model = await fitOnAll(data, estimator, { ...context, rows, seed });
  stopIfAborted(context.signal, "Training stopped on request");
  const { name, created, undertone, featureSet, conditions } = context;
  const learnt = [
    ...rows.map(({ utterance }) => utterance),
    ...(data.beside ?? []).flatMap((one) => one.dataset.utterances),
  ];
  const { axes, variances } = classes
    ? fitMarks(...marksOfRows(data, { rows, moments: trust.reference, severalCorpora: several }))
    : { axes: [], variances: undefined };
  const speakers = adaptable
    ? {
        shrinkage: defaultShrinkage,
        ...(axes.length > 0 && { axes }),
        variances,
        calibration: fitCalibration(calibration, calibrationRows(known, data.labelMap.classes)),
      }
    : undefined;
  const collections =
    classes &&
    fitCollections(
      collectionRows(
        calibratedBy(
          (strangers ?? classes).predictions,
          classes.classes,
          trust.calibration ?? { kind: "none" },
        ),
        classes.classes,
      ),
      classes.classes.length,
    );
  const description: ArtifactDescription = {
    ...{ name, created, undertone, featureSet, conditions },
    speeds: data.test.map(({ speed }) => speed),
    labelMap: classes && data.labelMap,
    dimensions: values && dimensionHead(data, values, estimator.parts?.values ?? estimator),
    model: { kind, params },
    ...(speakers && { speakers }),
    ...(collections && {
      collections: { ...collections, of: several ? "corpora" : "speakers", ...(!speakers && { axes }) },
    }),
    ...trust,
    learntClips: markClips(learntTables(data, rows), trust.reference),
    training: {
      dataset: [data, ...(data.beside ?? [])].map(({ dataset }) => dataset.name).join(" + "),
      utterances: learnt.length,
      speakers: new Set(learnt.map(({ speaker }) => speaker)).size,
    },
    evaluation: classes ? evaluationSummary(classes) : null,
    card: modelCard(data, { classes, values }, rows),
  };
  const bytes = writeArtifact(model.toOnnx(), withShortAxes(description, data.table));
  return { bytes, classes, values, abstention, card: description.card };
}

/** Returns splits that leave each corpus out, which tell what to expect of a model elsewhere; undefined where the given ones do, or there is one corpus. */
function corporaSplits({ dataset, labelMap }: TrainingData, given: CheckedSplits): CheckedSplits | undefined {
  const labelled = taughtRows(dataset.utterances, { labelMap });
  if (!domainsOf(labelled) || areLeftOut(given.splits, dataset)) return undefined;
  const utterances = labelled.map(({ utterance }) => utterance);
  return { ...given, splits: corpusFolds({ ...dataset, utterances }), foldsName: "corpus" };
}

function evaluationSummary({
  uar,
  ci,
  protocol,
  leaks,
  rated,
  corpora,
}: EvaluationResult): ArtifactDescription["evaluation"] {
  return {
    uar,
    ci: ci.uar,
    protocol: protocol.summary,
    leaks: leaks.map(({ message }) => message),
    ...(rated && { jensenShannon: rated.jensenShannon }),
    ...(corpora && { corpora: corpora.rows.map(({ riskCoverage: _, ...row }) => row) }),
  };
}

/** Returns the clips that a model learnt from as it hears them as they are: those of the rows, and those beside. */
function learntTables({ test, beside = [] }: TrainingData, rows: readonly TaughtRow[]): FeatureTable[] {
  const asItIs = (views: readonly FeatureView[]): FeatureTable =>
    views[closestToAsItIs(views.map(({ speed }) => speed))]!.table;
  return [lookUp(asItIs(test))(rows), ...beside.map(({ train }) => asItIs(train))];
}

/** The recordings of each speaker that are known where the scores for known speakers are made probabilities. */
const calibratedWith = 8;

/** Returns what marks are fitted on: the recordings that an artifact was trained on. */
function marksOfRows(
  { table, labelMap: { classes } }: TrainingData,
  about: {
    readonly rows: readonly TaughtRow[];
    readonly moments: ArtifactDescription["reference"];
    readonly severalCorpora: boolean;
  },
): Parameters<typeof fitMarks> {
  const labelled = about.rows.filter(({ label }) => label >= 0);
  return [
    lookUp(table)(labelled),
    {
      groups: groupIndices(labelled.map(({ utterance }) => utterance.speaker)),
      labels: Int32Array.from(labelled, ({ label }) => label),
      classes: classes.length,
      ...about,
    },
  ];
}

/** Returns what an artifact says of its values. */
function dimensionHead(
  { dataset }: TrainingData,
  { names, scores, ci, protocol, leaks }: ValueEvaluation,
  { kind, params }: Estimator,
): Omit<DimensionHead, "output"> {
  const rated = dataset.utterances.flatMap((utterance) => {
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
  const evaluation = { measures, protocol: protocol.summary, leaks: leaks.map(({ message }) => message) };
  return { model: { kind, params }, values, evaluation };
}
