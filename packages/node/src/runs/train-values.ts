/** Training of values: evaluated on unseen speakers, then fitted on all that have them; alone as an artifact, or as a part of one. */
import {
  type DimensionHead,
  estimatorOf,
  type FeatureTable,
  type Model,
  random,
  takeUtterances,
  type ValueEvaluation,
  valuesOf,
  valueTraining,
  writeArtifact,
} from "@undertone/core";
import { packageVersion } from "../io/places.js";
import { writeAtomic } from "../io/write-atomic.js";
import type { EvaluationPlan } from "./evaluate-run.js";
import { evaluateValueData, type ValuePlan } from "./evaluate-values.js";
import { fitFamiliarity } from "./fit-trust.js";
import { type LoadedData, loadData, type RunHooks, trainingTables } from "./load-data.js";
import { modelCard } from "./model-card.js";
import { pauseForEvents } from "./pause-for-events.js";
import {
  describedFeatures,
  refuseMissing,
  type TrainedFiles,
  type TrainingOutput,
} from "./training-output.js";

/** A part of a model that gives values, and how good it is. */
export interface TrainedValues {
  readonly result: ValueEvaluation;
  readonly model: Model;
  readonly head: Omit<DimensionHead, "output">;
}

/** What a training run of values alone gave. */
export interface ValueTrainingRun extends TrainedFiles {
  readonly result: ValueEvaluation;
}

/** Returns the values' model, its evaluation and its part of the manifest. @throws UndertoneError `split/*`, `learn/*`, `cancelled`. */
export async function trainValueHead(
  data: LoadedData,
  plan: ValuePlan,
  hooks: RunHooks = {},
): Promise<TrainedValues> {
  const result = await evaluateValueData(data, plan, hooks);
  hooks.signal?.throwIfAborted();
  const model = await fitOnAll(data, plan, hooks);
  hooks.signal?.throwIfAborted();
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
  const head = {
    model: { kind: model.kind, params: estimatorOf(plan.model, "values").params },
    values,
    evaluation: { measures, protocol: protocol.summary, leaks: leaks.map(({ message }) => message) },
  };
  return { result, model, head };
}

/** Returns the model fitted on every utterance that has all values. */
function fitOnAll(data: LoadedData, plan: ValuePlan, { signal }: RunHooks): Promise<Model> {
  const { dataset, table, values: names } = data;
  const utterances = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const rows = table.ids.flatMap((id, i) => {
    const utterance = utterances.get(id)!;
    const values = valuesOf(utterance, names);
    return values ? [{ i, utterance, values }] : [];
  });
  const tables = trainingTables(data, plan.speeds?.train).map(
    (heard): FeatureTable =>
      takeUtterances(
        heard.table,
        rows.map(({ i }) => i),
      ),
  );
  const training = valueTraining(rows, names, tables);
  return estimatorOf(plan.model, "values").fit(training.table, training.targets, {
    random: random(plan.seed).fork("all"),
    pause: pauseForEvents,
    signal,
  });
}

/** Runs a plan of values alone from recordings or a table to artifact and report. @throws UndertoneError as `loadData`, `split/*`, `learn/*`, `file/*`. */
export async function trainValues(
  plan: EvaluationPlan,
  { out, title, command }: TrainingOutput,
  hooks: RunHooks = {},
): Promise<ValueTrainingRun> {
  estimatorOf(plan.model, "values"); // refuses what it does not know before the long work
  const data = await loadData(plan, plan.features, hooks);
  refuseMissing(data);
  const { result, model, head } = await trainValueHead(data, plan, hooks);
  const name = title ?? `${data.corpus} ${data.featureSet} ${plan.model.kind} of ${result.names.join(", ")}`;
  const { protocol } = result;
  const artifact = writeArtifact(model.toOnnx(), {
    name,
    created: new Date().toISOString(),
    undertone: packageVersion(),
    featureSet: await describedFeatures(data.featureSet),
    ...(plan.speeds && { speeds: plan.speeds.test }),
    dimensions: head,
    model: head.model,
    ...fitFamiliarity(data, plan.seed),
    training: { dataset: data.dataset.name, utterances: protocol.utterances, speakers: protocol.speakers },
    evaluation: null,
    card: modelCard(data, { values: result }),
  });
  const { howMade, renderValueReport } = await import("./report/index.js");
  const report = out.replace(/\.onnx$/, ".html");
  const html = renderValueReport(result, {
    title: name,
    command,
    ...howMade(result),
  });
  const signal = hooks.signal ? { signal: hooks.signal } : {};
  await writeAtomic(out, artifact, signal);
  await writeAtomic(report, html, signal);
  return { result, out, report, bytes: artifact.length, broken: data.broken };
}
