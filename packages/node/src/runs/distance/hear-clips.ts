/** What there is to be heard in clips of a corpus: their conditions, whether they hold speech, and what a model says of them. */
import {
  type ArtifactManifest,
  adaptToCollection,
  type CollectionProfile,
  newCollection,
  type Prediction,
  passesGate,
  playingSpeeds,
  score,
} from "@undertone/core/artifact";
import {
  type Dataset,
  type FeatureTable,
  type FeatureView,
  functionalsTable,
  takeUtterances,
} from "@undertone/core/data";
import { isUndertoneError } from "@undertone/core/errors";
import { featureSet } from "@undertone/core/features";
import { matrix } from "@undertone/core/math";
import { nodeRuntime } from "../../runtime/node-runtime.js";
import { type BrokenFile, extractTable } from "../extract-table.js";
import { extractAtSpeeds } from "../extract-views.js";
import type { RunHooks } from "../load-data.js";

/** The feature set that tells of pitch, tempo, noise and channel. */
const conditionsSet = featureSet("conditions-v1");

/** An artifact on disk. */
export interface OpenedArtifact {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly manifest: ArtifactManifest;
}

/** The conditions of clips, and what became of the others. */
export interface ClipConditions {
  readonly table: FeatureTable;
  readonly silent: number;
  readonly broken: number;
}

/** Returns the conditions of clips, without rows where all of them are silent or broken. @throws UndertoneError `cancelled`. */
export async function extractConditions(dataset: Dataset, hooks: RunHooks): Promise<ClipConditions> {
  const counted = (table: FeatureTable, broken: readonly BrokenFile[]): ClipConditions => {
    const silent = broken.filter(({ code }) => code === "audio/silent" || code === "audio/too-short").length;
    return { table, silent, broken: broken.length - silent };
  };
  try {
    const { table, broken } = await extractTable(dataset, {
      featureSetId: conditionsSet.id,
      ...{ skipBroken: true, signal: hooks.signal, onWarning: hooks.onWarning },
      onProgress: (done, total) => hooks.onProgress?.("conditions", done, total),
    });
    return counted(table, broken);
  } catch (error) {
    if (!isUndertoneError(error, "corpus/empty")) throw error;
    const { names } = conditionsSet;
    const { files } = error.details as { files: readonly BrokenFile[] };
    return counted(functionalsTable([], names, matrix(0, names.length)), files);
  }
}

/** Returns those of the clips that hold speech to the model. */
export function withSpeech(table: FeatureTable, { speech }: Pick<ArtifactManifest, "speech">): FeatureTable {
  const { data, cols } = table.frames;
  const [active, voiced] = ["speech.activeSeconds", "speech.voicedSeconds"].map((name) =>
    table.names.indexOf(name),
  ) as [number, number];
  const spoken = table.ids.flatMap((_, i) => {
    const [activeSeconds, voicedSeconds] = [data[i * cols + active]!, data[i * cols + voiced]!];
    return passesGate({ speech: voicedSeconds > 0, activeSeconds, voicedSeconds }, speech) ? [i] : [];
  });
  return takeUtterances(table, spoken);
}

/** Clips with their features as recorded, and what a model says of them. */
export interface ScoredClips {
  readonly table: FeatureTable;
  readonly predictions: readonly Prediction[];
  /** The same once they are known as a collection; null of a model that says nothing of collections. */
  readonly adapted: readonly Prediction[] | null;
}

/** The features of clips as a model hears them. */
export interface ModelFeatures {
  readonly table: FeatureTable;
  readonly views: readonly FeatureView[];
}

/** Returns the features of clips at the speeds that a model hears them at, and at 1. @throws UndertoneError as `extractTable`. */
export async function extractForModel(
  dataset: Dataset,
  { manifest }: OpenedArtifact,
  { signal, onWarning, onProgress }: RunHooks,
): Promise<ModelFeatures> {
  return extractAtSpeeds(dataset, [...new Set([...playingSpeeds(manifest), 1])], {
    featureSetId: manifest.features.id,
    ...{ skipBroken: true, signal, onWarning },
    onProgress: (done, total) => onProgress?.("the model hears", done, total),
  });
}

/** Returns what a model of classes says of clips. @throws UndertoneError `runtime/unavailable`. */
export async function scoreClips(
  { bytes, manifest }: OpenedArtifact,
  { table, views }: ModelFeatures,
): Promise<ScoredClips> {
  const session = await nodeRuntime().load(bytes);
  try {
    const model = { session, manifest };
    const played = playingSpeeds(manifest).map((speed) => views.find((view) => view.speed === speed)!.table);
    const clips = table.ids.map((_, i) =>
      played.map(({ frames: { data, cols } }) => data.subarray(i * cols, (i + 1) * cols)),
    );
    const said = (collection?: CollectionProfile): Promise<Prediction[]> =>
      score(
        clips.map((rows) => ({ hearing: { rows, start: 0, end: 0 }, part: "recording", collection })),
        model,
      );
    const predictions = await said();
    if (!manifest.collections) return { table, predictions, adapted: null };
    const heard = (await said(newCollection(manifest))).map((whole) => ({ whole, timeline: [] }));
    const adapted = adaptToCollection(heard, manifest).recordings.map(({ whole }) => whole!);
    return { table, predictions, adapted };
  } finally {
    await session.close();
  }
}
