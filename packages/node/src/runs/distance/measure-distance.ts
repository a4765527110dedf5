/** Measures how far a corpus is from what a model knows, on a part of it that speaks for all. */

import { type ConditionRange, knownConditions, playingSpeeds, readArtifact } from "@undertone/core/artifact";
import {
  type Dataset,
  type FeatureTable,
  matchWords,
  takeUtterances,
  type Utterance,
} from "@undertone/core/data";
import { isUndertoneError } from "@undertone/core/errors";
import { random } from "@undertone/core/math";
import { keepEncodersBeside } from "../../encoders/encoder-files.js";
import { shortFeatures } from "../../encoders/short-features.js";
import { trainingLeak } from "../evaluate-artifact.js";
import { groupBy } from "../group-by.js";
import type { RunHooks } from "../load-data.js";
import { readModelFile } from "../open-model.js";
import { defaultModel } from "../shipped.js";
import { advise } from "./advice.js";
import { compareWays } from "./compare-ways.js";
import { compareConditions } from "./conditions.js";
import { evenSample } from "./even-sample.js";
import {
  extractConditions,
  extractForModel,
  type ModelFeatures,
  type OpenedArtifact,
  type ScoredClips,
  scoreClips,
  withSpeech,
} from "./hear-clips.js";
import type { ModelAnswers, ModelDistance } from "./model-distance.js";

/** What is measured. */
export interface DistancePlan {
  /** Clips that are listened to at most. */
  readonly clips: number;
  /** Whether a model of the corpus' own is tried too. */
  readonly own: boolean;
  readonly seed: number;
  /** The features of the utterances where there are no recordings. */
  readonly given?: { readonly table: FeatureTable; readonly featureSet: string } | undefined;
}

/** An artifact with the conditions that it learnt under. */
export interface KnownModel extends OpenedArtifact {
  readonly known: Readonly<Record<string, ConditionRange>>;
  /** Whether it hears a recording alike at any level, so that nothing is to be said of levels. */
  readonly levelFree: boolean;
}

/** Returns the artifact, by default the shipped one; it is not run yet. @throws UndertoneError `file/*`, `artifact/*`, `features/unknown`. */
async function openKnownModel(model: string = defaultModel): Promise<KnownModel> {
  const { file, bytes, manifest, featureSet } = await readModelFile(model, (bytes, file) => ({
    ...{ file, bytes },
    ...readArtifact(bytes),
  }));
  await keepEncodersBeside(file, manifest);
  const { names, levelFree } = featureSet;
  return { file, bytes, manifest, known: knownConditions(manifest, names), levelFree };
}

/** Returns the model that was asked for, or the shipped one; where that cannot be opened, why. @throws UndertoneError as `openKnownModel`. */
export async function askedModel(
  file: string | undefined,
): Promise<KnownModel | { readonly skipped: string }> {
  if (file !== undefined) return openKnownModel(file);
  try {
    return await openKnownModel();
  } catch (error) {
    if (!isUndertoneError(error)) throw error;
    return { skipped: error.message };
  }
}

/**
 * Returns the distance; what cannot be measured says why.
 * @throws UndertoneError `cancelled`, and what has nothing to do with the recordings, such as a full disk.
 */
export async function measureDistance(
  corpus: Dataset,
  model: KnownModel,
  plan: DistancePlan,
  hooks: RunHooks = {},
): Promise<ModelDistance> {
  const { manifest, known } = model;
  const { clips: count, seed, given } = plan;
  const drawn = evenSample(corpus.utterances, { count, random: random(seed).fork("distance") });
  const sample = { ...corpus, utterances: drawn };
  const { table, speech, broken } = given
    ? tableRows(given.table, drawn)
    : await spokenClips(sample, model, hooks);
  const dataset = inTable(sample, table);
  const heard = await hear(dataset, model, plan, hooks);
  const labelMap = matchWords(
    corpus.utterances.flatMap(({ label }) => label ?? []),
    { ...manifest.labelMap, classes: manifest.classes },
  );
  const scored = "skipped" in heard ? undefined : heard.scored;
  const tells = manifest.learntClips !== undefined && scored !== undefined;
  const [leak] = trainingLeak(manifest, corpus, {
    heard: scored?.table.ids.length ?? 0,
    learnt: tells ? scored.table.ids.filter((_, i) => scored.predictions[i].learnt) : undefined,
  });
  const results =
    "skipped" in heard || leak
      ? { skipped: "skipped" in heard ? heard.skipped : leak.message }
      : await compareWays(
          {
            ...{ manifest, labelMap, seed, scored: heard.scored },
            dataset: inTable(dataset, heard.scored.table),
            own: plan.own ? heard.features.views : undefined,
          },
          hooks,
        );
  const found = {
    model: {
      ...{ name: manifest.name, file: model.file, classes: manifest.classes },
      trainedOn: manifest.training.dataset,
      clips: manifest.training.utterances,
      speakers: manifest.training.speakers,
      adapts: manifest.collections !== undefined,
      tellsClips: manifest.learntClips !== undefined,
    },
    clips: {
      all: corpus.utterances.length,
      sampled: drawn.length,
      noSpeech: drawn.length - broken - speech,
      broken,
    },
    seed,
    conditions: (table.ids.length > 0 ? compareConditions(table, known) : []).filter(
      ({ kind }) => kind !== "level" || !model.levelFree,
    ),
    answers: "skipped" in heard ? heard : answersOf(heard.scored),
    labels: labelsOf(corpus.utterances, labelMap.words),
    results,
  };
  return { ...found, advice: advise(found) };
}

/** Returns the utterances of the dataset that have a row. */
function inTable(dataset: Dataset, { ids }: FeatureTable): Dataset {
  const kept = new Set(ids);
  return { ...dataset, utterances: dataset.utterances.filter(({ id }) => kept.has(id)) };
}

interface Spoken {
  /** Rows of the clips with speech. */
  readonly table: FeatureTable;
  readonly speech: number;
  readonly broken: number;
}

async function spokenClips(sample: Dataset, { manifest }: KnownModel, hooks: RunHooks): Promise<Spoken> {
  const { table: all, broken } = await extractConditions(sample, hooks);
  const table = withSpeech(all, manifest);
  return { table, speech: table.ids.length, broken };
}

/** A table holds what could be heard. */
function tableRows(table: FeatureTable, drawn: readonly Utterance[]): Spoken {
  const ids = new Set(drawn.map(({ id }) => id));
  const rows = table.ids.flatMap((id, i) => (ids.has(id) ? [i] : []));
  return { table: takeUtterances(table, rows), speech: drawn.length, broken: 0 };
}

type Heard =
  | { readonly scored: ScoredClips; readonly features: ModelFeatures }
  | { readonly skipped: string };

/** Returns what the model says of clips with speech, or why it says nothing. */
async function hear(
  dataset: Dataset,
  model: KnownModel,
  { given }: DistancePlan,
  hooks: RunHooks,
): Promise<Heard> {
  const { classes, features: asked } = model.manifest;
  if (classes.length === 0) return { skipped: "it gives values and no classes" };
  if (dataset.utterances.length === 0) return { skipped: "no clip holds speech" };
  try {
    const features = given
      ? featuresOfTable(given, dataset, model)
      : await extractForModel(dataset, model, hooks);
    if (!features)
      return {
        skipped: `the table holds ${shortFeatures(given!.featureSet)}, the model hears ${shortFeatures(asked.id)}${asked.speeds ? ` at speeds ${asked.speeds.join(", ")}` : ""}`,
      };
    return { features, scored: await scoreClips(model, features) };
  } catch (error) {
    const own = ["features/", "runtime/", "corpus/empty"];
    if (!isUndertoneError(error) || !own.some((start) => error.code.startsWith(start))) throw error;
    return { skipped: error.message };
  }
}

/** Returns the rows of a table that holds what the model hears, undefined of any other. */
function featuresOfTable(
  { table, featureSet }: NonNullable<DistancePlan["given"]>,
  { utterances }: Dataset,
  { manifest }: KnownModel,
): ModelFeatures | undefined {
  if (featureSet !== manifest.features.id || playingSpeeds(manifest).some((speed) => speed !== 1))
    return undefined;
  const rows = tableRows(table, utterances).table;
  return { table: rows, views: [{ speed: 1, table: rows }] };
}

function answersOf({ predictions }: ScoredClips): ModelAnswers {
  const part = (test: (one: (typeof predictions)[number]) => boolean): number =>
    predictions.filter(test).length / predictions.length;
  return {
    clips: predictions.length,
    named: part(({ label }) => label !== null),
    unfamiliar: part(({ reason }) => reason === "unfamiliar"),
    uncertain: part(({ reason }) => reason === "uncertain"),
    confidence: predictions.reduce((sum, { confidence }) => sum + confidence, 0) / predictions.length,
  };
}

function labelsOf(
  utterances: readonly Utterance[],
  words: Readonly<Record<string, string | null>>,
): ModelDistance["labels"] {
  const entries = Object.entries(words);
  const counts = groupBy(utterances, ({ label }) => label ?? "");
  return {
    classes: Object.fromEntries(entries.flatMap(([word, name]) => (name === null ? [] : [[word, name]]))),
    without: Object.fromEntries(
      entries.flatMap(([word, name]) => (name === null ? [[word, counts.get(word)!.length]] : [])),
    ),
  };
}
