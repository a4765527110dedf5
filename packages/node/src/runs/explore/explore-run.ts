/** Explores a corpus without a model: maps, clusters, outliers, doubtful labels. */
import {
  adjustedRandIndex,
  type Clusterer,
  type Clustering,
  chooseClusters,
  clusterers,
  contingency,
  normalizedMutualInformation,
  outlierDetectors,
  type Projection,
  projections,
  silhouette,
  trustworthiness,
} from "@undertone/core/cluster";
import {
  findDatasetWarnings,
  mapLabel,
  speakersUnknownNote,
  takeUtterances,
  type Utterance,
  warningText,
} from "@undertone/core/data";
import { expectedOneOf, listChoices, UndertoneError } from "@undertone/core/errors";
import { type Matrix, type Random, random, takeRows } from "@undertone/core/math";
import { type KnownModel, measureDistance } from "../distance/measure-distance.js";
import { type DataSource, type LoadedData, openSource, type RunHooks } from "../load-data.js";
import { pauseForEvents } from "../pause-for-events.js";
import { checkLabels, splitLabels } from "./check-labels.js";
import type { Agreement, Exploration, ExploredMap, MethodResult, Outlier } from "./exploration.js";
import { prepareRows } from "./prepare-rows.js";

/** What determines an exploration. */
export interface ExplorePlan extends DataSource {
  /** Default for recordings: `seed-v1`, whose names say in what a clip is unusual. */
  readonly features?: string | undefined;
  /** A kind of the list of clusterers; default k-means. */
  readonly method?: string | undefined;
  /** Default: what the silhouette prefers. */
  readonly clusters?: number | undefined;
  /** Whether each speaker's mean is taken off before maps and clusters; default no. */
  readonly centreSpeakers?: boolean;
  readonly folds?: string | undefined;
  readonly seed: number;
  /** The model that the corpus' distance is measured from, or why there is none; default none. */
  readonly model?: KnownModel | { readonly skipped: string } | undefined;
}

/** An exploration and what it was made from. */
export interface ExploreRun {
  readonly exploration: Exploration;
  readonly data: LoadedData;
}

const defaultFeatures = "seed-v1";
const outliersShown = 30;
/** Clips that a model hears, and that one of the corpus' own learns from. */
const heardByModel = 400;

/** Rows beyond which methods that keep all distances are left out. */
const mostForDistances = 8000;
const keepsDistances = /^(agglomerative|hdbscan)/;

/**
 * Returns the exploration that the plan determines.
 * @throws UndertoneError as `loadData`; `learn/bad-parameter`, `learn/too-few-rows` below 4 utterances, `learn/not-finite`, `features/mismatch`, `cancelled`.
 */
export async function exploreRun(plan: ExplorePlan, hooks: RunHooks = {}): Promise<ExploreRun> {
  const method = chosenMethod(plan.method);
  if (plan.clusters !== undefined && !method.takesCount) {
    throw new UndertoneError(
      "learn/bad-parameter",
      `Got clusters ${plan.clusters} for '${method.kind}', which finds the number itself; expected one of ${listChoices(clusterers.filter(({ takesCount }) => takesCount).map(({ kind }) => kind))}`,
    );
  }
  const featureSet = plan.features ?? (plan.table === undefined ? defaultFeatures : undefined);
  const { listed, load } = await openSource(plan, hooks);
  if (plan.folds !== undefined) await splitLabels(listed, { folds: plan.folds, seed: plan.seed });
  const loaded = await load({ features: featureSet });
  const data = { ...loaded, table: labelledOnly(loaded) };
  const { table, labelMap, dataset } = data;
  const byId = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const utterances = table.ids.map((id) => byId.get(id)!);
  const classOf = ({ label }: Utterance): string => mapLabel(labelMap, label!)!;
  const labels = utterances.map(classOf);
  const speakers = utterances.map(({ speaker }) => speaker);
  const sexes = utterances.map(({ attributes }) => attributes.sex ?? null);
  const { standard, rows, distinct, variance } = prepareRows(
    table,
    plan.centreSpeakers ? speakers : undefined,
  );
  const stream = random(plan.seed).fork("explore");
  const steps = 3 + projections.length + clusterers.length;
  let done = 0;
  const step = async (part = 0): Promise<void> => {
    hooks.onProgress?.("exploring", Math.min(steps, done + part), steps);
    if (part === 0) done++;
    await pauseForEvents();
    if (hooks.signal?.aborted)
      throw new UndertoneError(
        "cancelled",
        `Exploration stopped on request after ${done - 1} of ${steps} steps`,
      );
  };

  await step();
  const choice = chooseClusters(rows, { random: stream.fork("choice") });
  const clusters = plan.clusters ?? choice.bySilhouette;
  await step();
  const clustering = method.cluster(rows, { clusters, random: stream.fork(method.kind) });
  const methods: MethodResult[] = [];
  for (const other of clusterers) {
    await step();
    if (rows.rows > mostForDistances && keepsDistances.test(other.kind)) continue;
    const own =
      other === method
        ? clustering
        : other.cluster(rows, { clusters: Math.min(clusters, distinct), random: stream.fork(other.kind) });
    methods.push(describeMethod(other.kind, own, { rows, labels, speakers }));
  }
  const maps: ExploredMap[] = [];
  for (const projection of projections) {
    await step();
    const onProgress = (part: number): void => hooks.onProgress?.("exploring", done - 1 + part, steps);
    maps.push(drawMap(projection, rows, { stream, onProgress }));
  }
  await step();
  const scores = outlierDetectors.map(
    ({ kind, score }) => [kind, score(rows, { random: stream.fork(kind) })] as const,
  );
  const unusual = meanRanks(scores.map(([, values]) => values));
  const order = Array.from(unusual.keys()).sort((a, b) => unusual[b] - unusual[a]);
  const check = await checkLabels(data, rows, plan, hooks);
  const { model = null } = plan;
  const distance =
    model && "manifest" in model
      ? await measureDistance(
          { ...dataset, utterances },
          model,
          {
            ...{ clips: heardByModel, own: true, seed: plan.seed },
            given: plan.table === undefined ? undefined : { table, featureSet: data.featureSet },
          },
          hooks,
        )
      : model;
  const known = { label: labels, speaker: speakers, sex: sexes.map((sex) => sex ?? "unknown") };
  const exploration: Exploration = {
    dataset: dataset.name,
    featureSet: data.featureSet,
    features: table.frames.cols,
    components: rows.cols,
    variance,
    centred: plan.centreSpeakers === true,
    labelMap: labelMap.id,
    seed: plan.seed,
    speakers: new Set(speakers).size,
    distinct,
    // How many clips a class needs is said by what judges the labels.
    warnings: findDatasetWarnings({ ...dataset, utterances }, { classOf })
      .filter(({ kind, message }) => kind !== "class-too-small" && message !== speakersUnknownNote)
      .map(warningText),
    utterances: utterances.map(({ id, speaker }, i) => ({
      id,
      label: labels[i],
      speaker,
      sex: sexes[i],
      cluster: clustering.labels[i],
      unusual: unusual[i],
    })),
    maps,
    clustering: {
      kind: method.kind,
      clusters: clustering.clusters,
      agreements: (["label", "speaker", "sex"] as const)
        .filter((of) => new Set(known[of]).size > 1)
        .map((of) => agreement(of, known[of], clustering)),
    },
    methods,
    choice,
    outliers: order.slice(0, Math.min(outliersShown, Math.ceil(rows.rows / 5))).map(
      (i): Outlier => ({
        id: table.ids[i],
        label: labels[i],
        speaker: speakers[i],
        unusual: unusual[i],
        scores: Object.fromEntries(scores.map(([kind, values]) => [kind, values[i]])),
        reason: extremes(standard, table.names, i),
      }),
    ),
    labels: check,
    distance,
  };
  return { exploration, data };
}

function chosenMethod(kind = "k-means"): Clusterer {
  const method = clusterers.find((candidate) => candidate.kind === kind);
  if (method) return method;
  throw new UndertoneError(
    "learn/bad-parameter",
    `Unknown clustering method '${kind}', ${expectedOneOf(
      kind,
      clusterers.map((known) => known.kind),
    )}`,
  );
}

/** Returns the rows in the plane, and how far their neighbours are still neighbours there. */
function drawMap(
  projection: Projection,
  rows: Matrix,
  { stream, onProgress }: { stream: Random; onProgress(part: number): void },
): ExploredMap {
  const points = projection.project(rows, { random: stream.fork(projection.kind), onProgress });
  const judged = sample(rows.rows, stream.fork("judge"));
  return {
    kind: projection.kind,
    trustworthiness:
      rows.rows < 12 ? null : trustworthiness(takeRows(rows, judged), takeRows(points, judged)),
    points: Array.from(
      { length: rows.rows },
      (_, i) => [points.data[2 * i], points.data[2 * i + 1]] as const,
    ),
  };
}

/** Returns the rows of utterances that have a class, which a table file may hold others beside. */
function labelledOnly({ table, dataset, labelMap }: LoadedData): LoadedData["table"] {
  const classed = new Set(
    dataset.utterances
      .filter(({ label }) => label !== undefined && mapLabel(labelMap, label) !== null)
      .map(({ id }) => id),
  );
  const kept = table.ids.flatMap((id, i) => (classed.has(id) ? [i] : []));
  return kept.length === table.ids.length ? table : takeUtterances(table, kept);
}

function describeMethod(
  kind: string,
  { labels, clusters }: Clustering,
  known: { rows: Matrix; labels: readonly string[]; speakers: readonly string[] },
): MethodResult {
  const inside = Array.from(labels.keys()).filter((i) => labels[i] >= 0);
  const own = inside.map((i) => labels[i]);
  const byLabel = contingency(known.labels, Array.from(labels));
  return {
    kind,
    clusters,
    noise: labels.length - inside.length,
    silhouette: own.length > 0 ? silhouette(takeRows(known.rows, inside), own) : null,
    ariLabel: adjustedRandIndex(byLabel),
    nmiLabel: normalizedMutualInformation(byLabel),
    nmiSpeaker: normalizedMutualInformation(contingency(known.speakers, Array.from(labels))),
  };
}

function agreement(of: Agreement["of"], values: readonly string[], { labels }: Clustering): Agreement {
  const table = contingency(values, Array.from(labels));
  return {
    of,
    ari: adjustedRandIndex(table),
    nmi: normalizedMutualInformation(table),
    values: table.firstValues.map(String),
    clusters: table.secondValues.map(Number),
    counts: table.counts,
  };
}

/** Returns at most 2000 indices, by which a map is judged: its cost grows with their square. */
function sample(rows: number, stream: Random): Int32Array {
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  return rows <= 2000 ? all : stream.shuffle(all).slice(0, 2000);
}

/** Returns the mean rank of each row over the scores, 0..1. */
function meanRanks(scores: readonly Float64Array[]): Float64Array {
  const rows = scores[0].length;
  const result = new Float64Array(rows);
  for (const values of scores) {
    const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
    order.forEach((i, rank) => {
      result[i] += rank / Math.max(1, rows - 1) / scores.length;
    });
  }
  return result;
}

/** Returns the three features in which a row is farthest from the mean, in words. */
function extremes({ data, cols }: Matrix, names: readonly string[], i: number): string {
  const own = Array.from({ length: cols }, (_, j) => ({ name: names[j], value: data[i * cols + j] }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, 3);
  return own
    .map(
      ({ name, value }) =>
        `${name} ${Math.abs(value).toFixed(1)} deviations ${value < 0 ? "below" : "above"} the mean`,
    )
    .join("; ");
}
