/** A training run: evaluated on unseen speakers, then fitted on all the data and written as one artifact with a report beside it. */
import {
  type ArtifactDescription,
  defaultShrinkage,
  type EvaluationResult,
  estimatorOf,
  fitCalibration,
  fitMarks,
  groupIndices,
  joinModels,
  type Model,
  mapLabel,
  random,
  ratedVotes,
  type ScoredUtterance,
  scoreTable,
  stackTables,
  takeUtterances,
  UndertoneError,
  type ValueEvaluation,
  writeArtifact,
} from "@undertone/core";
import { shortFeatures } from "../encoders/short-features.js";
import { packageVersion } from "../io/places.js";
import { writeAtomic } from "../io/write-atomic.js";
import { type EvaluationPlan, evaluateData } from "./evaluate-run.js";
import { type Abstention, fitTrust } from "./fit-trust.js";
import { type LoadedData, loadData, type RunHooks, trainingTables } from "./load-data.js";
import { modelCard } from "./model-card.js";
import { pauseForEvents } from "./pause-for-events.js";
import { trainValueHead } from "./train-values.js";
import {
  describedFeatures,
  refuseMissing,
  type TrainedFiles,
  type TrainingOutput,
} from "./training-output.js";

/** What a training run gave. */
export interface TrainingRun extends TrainedFiles {
  readonly result: EvaluationResult;
  /** The evaluation of the values that are learnt beside the classes; absent for classes alone. */
  readonly values?: ValueEvaluation | undefined;
  /** When the artifact stays silent for want of confidence; absent unless `maxRisk` was asked for. */
  readonly abstention?: Abstention | undefined;
}

/** Returns the model fitted on every utterance that has a class. @throws UndertoneError `learn/*`, `cancelled`. */
async function fitOnAll(
  data: LoadedData,
  plan: Pick<EvaluationPlan, "model" | "seed" | "speeds">,
  { signal }: RunHooks,
): Promise<Model> {
  const { dataset, table, labelMap } = data;
  const labels = new Map(
    dataset.utterances.map(({ id, label }) => [id, label === undefined ? null : mapLabel(labelMap, label)]),
  );
  const utterances = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const kept = table.ids.flatMap((id, i) => (labels.get(id) ? [i] : []));
  const tables = trainingTables(data, plan.speeds?.train).map(({ table: own }) => takeUtterances(own, kept));
  const copies = tables.flatMap(({ ids }) => ids);
  const votes = ratedVotes(
    copies.map((id) => utterances.get(id)!),
    labelMap,
  );
  const targets = {
    classes: labelMap.classes,
    labels: Int32Array.from(copies, (id) => labelMap.classes.indexOf(labels.get(id)!)),
    groups: groupIndices(copies.map((id) => utterances.get(id)!.speaker)),
    votes,
  };
  return estimatorOf(plan.model).fit(stackTables(tables), targets, {
    random: random(plan.seed).fork("all"),
    pause: pauseForEvents,
    ...(signal ? { signal } : {}),
  });
}

/** The recordings of each speaker that are known where the scores for known speakers are made probabilities. */
const calibratedWith = 8;

/** Returns how an artifact learns its speakers: what tells their recordings apart comes from those that it was trained on. */
function speakersOf(
  { table, dataset, labelMap }: LoadedData,
  {
    moments,
    adapted,
    calibration,
  }: {
    moments: ArtifactDescription["reference"];
    adapted: readonly ScoredUtterance[];
    calibration: string;
  },
): NonNullable<ArtifactDescription["speakers"]> {
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

/** Writes the artifact and the report of data that are loaded. @throws UndertoneError `split/*`, `learn/*`, `file/*`, `cancelled`. */
export async function trainData(
  data: LoadedData,
  plan: Pick<
    EvaluationPlan,
    | "model"
    | "folds"
    | "group"
    | "seed"
    | "allowLeak"
    | "speeds"
    | "adapt"
    | "calibration"
    | "maxRisk"
    | "valueModel"
  >,
  { out, title, check, command }: TrainingOutput,
  hooks: RunHooks = {},
): Promise<TrainingRun> {
  // Scores that are to be the raters' votes must not be bent towards the labels.
  const { params } = estimatorOf(plan.model);
  const votes = params.learnFrom === "votes" && params.classWeight === "none";
  const trustCalibration = plan.calibration ?? (votes ? "none" : "temperature");
  refuseMissing(data);
  const adaptable = typeof params.speakerCentring === "number";
  const adapted: ScoredUtterance[] = [];
  const result = await evaluateData(data, plan, hooks, {
    trustCalibration,
    ...(adaptable && {
      async onFold(fold) {
        adapted.push(...(await fold.score({ utterances: calibratedWith, shrinkage: defaultShrinkage })));
      },
    }),
  });
  check?.(result);
  const { abstention, ...trust } = fitTrust(result, data, { ...plan, calibration: trustCalibration });
  hooks.signal?.throwIfAborted();
  const model = await fitOnAll(data, plan, hooks);
  hooks.signal?.throwIfAborted();
  const values = plan.valueModel && (await trainValueHead(data, { ...plan, model: plan.valueModel }, hooks));
  const name = title ?? `${data.corpus} ${shortFeatures(data.featureSet)} ${plan.model.kind}`;
  const { protocol } = result;
  const artifact = writeArtifact((values ? joinModels(model, values.model) : model).toOnnx(), {
    name,
    created: new Date().toISOString(),
    undertone: packageVersion(),
    featureSet: await describedFeatures(data.featureSet),
    ...(plan.speeds && { speeds: plan.speeds.test }),
    labelMap: data.labelMap,
    ...(values && { dimensions: values.head }),
    model: { kind: model.kind, params },
    ...(adaptable && {
      speakers: speakersOf(data, { moments: trust.reference, adapted, calibration: trustCalibration }),
    }),
    ...trust,
    training: { dataset: data.dataset.name, utterances: protocol.utterances, speakers: protocol.speakers },
    evaluation: {
      uar: result.uar,
      ci: result.ci.uar,
      protocol: protocol.summary,
      leaks: result.leaks.map(({ message }) => message),
      ...(result.rated && { jensenShannon: result.rated.jensenShannon }),
    },
    card: modelCard(data, { classes: result, ...(values && { values: values.result }) }),
  });
  const { howMade, renderReport } = await import("./report/index.js");
  const report = out.replace(/\.onnx$/, ".html");
  const html = renderReport(result, {
    title: name,
    ...(command === undefined ? {} : { command }),
    ...howMade(result),
    ...(values && { values: values.result }),
  });
  const signal = hooks.signal ? { signal: hooks.signal } : {};
  await writeAtomic(out, artifact, signal);
  await writeAtomic(report, html, signal);
  return {
    result,
    ...(values && { values: values.result }),
    out,
    report,
    bytes: artifact.length,
    broken: data.broken,
    abstention,
  };
}

/** Runs a plan from recordings or a table to artifact and report. @throws UndertoneError as `loadData` and `trainData`. */
export async function trainRun(
  plan: EvaluationPlan,
  output: TrainingOutput,
  hooks: RunHooks = {},
): Promise<TrainingRun> {
  const { kind, params } = estimatorOf(plan.model); // refuses what it does not know before the long work
  if (plan.valueModel) {
    estimatorOf(plan.valueModel, "values");
    if (typeof params.speakerCentring === "number")
      throw new UndertoneError(
        "learn/bad-parameter",
        `'${kind}' got speakerCentring beside a model of values, which does not adapt to speakers; expected one without, or values alone`,
      );
  }
  const data = await loadData(plan, plan.features, hooks);
  return trainData(data, plan, output, hooks);
}
