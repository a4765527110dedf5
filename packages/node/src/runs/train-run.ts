/** A training run: evaluated on unseen speakers, then fitted on all the data and written as one artifact with a report beside it. */
import {
  type ArtifactDescription,
  anyFeatureSet,
  corpora,
  defaultShrinkage,
  type EvaluationResult,
  estimatorOf,
  groupIndices,
  isEncoderSet,
  type Model,
  mapLabel,
  random,
  ratedVotes,
  stackTables,
  takeUtterances,
  UndertoneError,
  writeArtifact,
} from "@undertone/core";
import { withOrigins } from "../encoders/encoder-store.js";
import { writeAtomic } from "../io/write-atomic.js";
import { type EvaluationPlan, evaluateData } from "./evaluate-run.js";
import type { BrokenFile } from "./extract-table.js";
import { type Abstention, fitTrust } from "./fit-trust.js";
import { heardAt, type LoadedData, loadData, type RunHooks } from "./load-data.js";
import { pauseForEvents } from "./pause-for-events.js";
import { packageVersion } from "./places.js";

/** Where a run's files go, and what they are called. */
export interface TrainingOutput {
  /** The artifact's path; the report's is the same with `.html`. */
  readonly out: string;
  readonly title?: string;
  /** The command that repeats the run, for the report. */
  readonly command?: string;
  /** Called with the evaluation before anything is written; throws to refuse it. */
  readonly check?: (result: EvaluationResult) => void;
}

/** What a training run gave. */
export interface TrainingRun {
  readonly result: EvaluationResult;
  readonly out: string;
  readonly report: string;
  /** Length of the artifact. */
  readonly bytes: number;
  readonly broken: readonly BrokenFile[];
  /** When the artifact stays silent for want of confidence; absent unless `maxRisk` was asked for. */
  readonly abstention?: Abstention;
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
  const tables = heardAt(data, plan.speeds?.train ?? [1]).map((heard) => takeUtterances(heard.table, kept));
  const copies = tables.flatMap(({ ids }) => ids);
  const votes = ratedVotes(
    copies.map((id) => utterances.get(id)!),
    labelMap,
  );
  const targets = {
    classes: labelMap.classes,
    labels: Int32Array.from(copies, (id) => labelMap.classes.indexOf(labels.get(id)!)),
    groups: groupIndices(copies.map((id) => utterances.get(id)!.speaker)),
    ...(votes && { votes }),
  };
  return estimatorOf(plan.model).fit(stackTables(tables), targets, {
    random: random(plan.seed).fork("all"),
    pause: pauseForEvents,
    ...(signal ? { signal } : {}),
  });
}

/** Returns what a person should know before using the model. */
function modelCard(data: LoadedData, result: EvaluationResult): ArtifactDescription["card"] {
  const corpus = corpora.find(({ id }) => id === data.corpus);
  const licence = corpus ? corpus.licence : "unknown: the licence of the training recordings holds";
  return {
    licence,
    data: `${corpus ? `${corpus.title}, ${corpus.language}` : data.dataset.name}: ${result.protocol.utterances} utterances of ${result.protocol.speakers} speakers, classes ${result.classes.join(", ")}.`,
    intendedUse:
      "Research, demonstration and the person's own use. Not for decisions about people; the EU AI Act (Art. 5(1)(f)) prohibits emotion recognition at work and in education.",
    limits: `Trained on ${corpus ? "acted speech" : "the recordings named above"}; scores fall on other speakers, languages, microphones and spontaneous speech. A score says how a clip sounds to the model, not what a person feels.`,
    citation: corpus?.citation ?? "none",
  };
}

/** @throws UndertoneError `learn/not-finite`: an artifact's features come from a recording, where none is missing. */
function refuseMissing({ table: { frames, names } }: LoadedData): void {
  const at = frames.data.findIndex(Number.isNaN);
  if (at < 0) return;
  throw new UndertoneError(
    "learn/not-finite",
    `The table misses a value of '${names[at % frames.cols]}', expected none for an artifact, which hears whole recordings; 'evaluate' takes such a table`,
  );
}

/** Writes the artifact and the report of data that are loaded. @throws UndertoneError `split/*`, `learn/*`, `file/*`, `cancelled`. */
export async function trainData(
  data: LoadedData,
  plan: Pick<
    EvaluationPlan,
    "model" | "folds" | "group" | "seed" | "allowLeak" | "speeds" | "adapt" | "calibration" | "maxRisk"
  >,
  { out, title, check, command }: TrainingOutput,
  hooks: RunHooks = {},
): Promise<TrainingRun> {
  const trustCalibration = plan.calibration ?? "temperature";
  refuseMissing(data);
  const result = await evaluateData(data, plan, hooks, { trustCalibration });
  check?.(result);
  const { abstention, ...trust } = fitTrust(result, data, { ...plan, calibration: trustCalibration });
  hooks.signal?.throwIfAborted();
  const model = await fitOnAll(data, plan, hooks);
  hooks.signal?.throwIfAborted();
  const set = anyFeatureSet(data.featureSet);
  const name = title ?? `${data.corpus} ${data.featureSet} ${plan.model.kind}`;
  const { protocol } = result;
  const { params } = estimatorOf(plan.model);
  const artifact = writeArtifact(model.toOnnx(), {
    name,
    created: new Date().toISOString(),
    undertone: packageVersion(),
    featureSet: isEncoderSet(set) ? { ...set, files: await withOrigins(set.files) } : set,
    ...(plan.speeds && { speeds: plan.speeds.test }),
    labelMap: data.labelMap,
    model: { kind: model.kind, params },
    ...(typeof params.speakerCentring === "number" && { speakers: { shrinkage: defaultShrinkage } }),
    ...trust,
    training: { dataset: data.dataset.name, utterances: protocol.utterances, speakers: protocol.speakers },
    evaluation: {
      uar: result.uar,
      ci: result.ci.uar,
      protocol: protocol.summary,
      leaks: result.leaks.map(({ message }) => message),
    },
    card: modelCard(data, result),
  });
  const { howMade, renderReport } = await import("./report/index.js");
  const report = out.replace(/\.onnx$/, ".html");
  const html = renderReport(result, {
    title: name,
    ...(command === undefined ? {} : { command }),
    ...howMade(result),
  });
  const signal = hooks.signal ? { signal: hooks.signal } : {};
  await writeAtomic(out, artifact, signal);
  await writeAtomic(report, html, signal);
  return {
    result,
    out,
    report,
    bytes: artifact.length,
    broken: data.broken,
    ...(abstention && { abstention }),
  };
}

/** Runs a plan from recordings or a table to artifact and report. @throws UndertoneError as `loadData` and `trainData`. */
export async function trainRun(
  plan: EvaluationPlan,
  output: TrainingOutput,
  hooks: RunHooks = {},
): Promise<TrainingRun> {
  estimatorOf(plan.model); // refuses what it does not know before the long work
  const data = await loadData(plan, plan.features, hooks);
  return trainData(data, plan, output, hooks);
}
