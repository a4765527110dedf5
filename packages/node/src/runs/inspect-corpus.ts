/** Listens to every recording of a corpus and tells what is in it and what is wrong with it. */
import { narrowBandHz } from "@undertone/core/audio";
import {
  alignRecordings,
  type ClassClue,
  classClue,
  corpora,
  findDatasetWarnings,
  findDesignGaps,
  isUnknownSpeaker,
  measureRecording,
  recordingFingerprint,
  similarFingerprints,
  type Utterance,
} from "@undertone/core/data";
import { isUndertoneError } from "@undertone/core/errors";
import { forEachConcurrently } from "../io/for-each-concurrently.js";
import { type AudioPool, openAudioPool } from "../workers/audio-pool.js";
import {
  type Alike,
  brokenFiles,
  clueOddities,
  designOddities,
  fileOddities,
  type InspectedRecording,
  type Oddity,
  odd,
  sameRecordings,
  soundOddities,
} from "./corpus-oddities.js";
import { type KnownModel, measureDistance } from "./distance/measure-distance.js";
import type { ModelDistance } from "./distance/model-distance.js";
import { type BrokenFile, brokenFile } from "./extract-table.js";
import { groupBy } from "./group-by.js";
import { type OpenDatasetOptions, openDataset } from "./open-dataset.js";
import { type Spread, spread } from "./spread.js";

export interface InspectOptions extends OpenDatasetOptions {
  /** The model that the corpus' distance is measured from, or why there is none; default none. */
  readonly model?: KnownModel | { readonly skipped: string } | undefined;
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

/** What `corpus inspect` found; plain JSON. */
export interface InspectReport {
  readonly corpus: string;
  readonly title: string;
  readonly licence: string | null;
  readonly citation: string | null;
  readonly folder: string;
  readonly files: number;
  readonly utterances: number;
  readonly seconds: number;
  readonly speakers: Readonly<
    Record<string, { readonly utterances: number; readonly seconds: number; readonly sex: string | null }>
  >;
  readonly labels: Readonly<
    Record<
      string,
      {
        readonly utterances: number;
        readonly seconds: number;
        /** Those who are known. */
        readonly speakers: number;
      }
    >
  >;
  /** Sex -> how many speakers. */
  readonly sexes: Readonly<Record<string, number>>;
  readonly sentences: number;
  readonly formats: Readonly<Record<string, number>>;
  readonly duration: Spread | null;
  readonly levelDb: Spread | null;
  /** Pairs of ids that are one recording, exact and inexact: what the leak gate takes as `duplicates`. */
  readonly duplicates: readonly (readonly [string, string])[];
  readonly clues: { readonly length: ClassClue | null; readonly level: ClassClue | null };
  readonly design: { readonly expected: number; readonly present: number } | null;
  readonly oddities: readonly Oddity[];
  /** How far the corpus is from what a model knows; null where none was asked for. */
  readonly distance: ModelDistance | { readonly skipped: string } | null;
}

/** What the speech models hear. */
const heardRate = 16000;
/** Clips that a model hears: some ten seconds of work, and enough for whole per cents. */
const heardByModel = 200;

/** Copies at another level, rate, shift or in another format measure above 0.9997; other recordings of a carrier phrase rarely above 0.995. */
const leastAlike = 0.995;
/** One recording at another level, rate or in another format stays above; two takes of one sentence stay far below. */
const sameRecording = 0.9;
const mostCandidates = 400;
/** Seconds of each recording that are laid on each other. */
const longestCompared = 30;
/** Below this mean number a class, nothing can be said of what a number tells. */
const leastPerClass = 5;

/**
 * Returns what is in a folder or manifest and what is wrong with it. Every audio file is decoded once, those whose names are not the
 * corpus' included.
 * @throws UndertoneError as `openDataset`, and `cancelled`.
 */
export async function inspectCorpus(
  paths: string | readonly string[],
  options: InspectOptions = {},
): Promise<InspectReport> {
  const { signal, onProgress, model = null } = options;
  const opened = await openDataset(paths, options);
  const { utterances } = opened.dataset;
  const known = new Set(utterances.map(({ file }) => file));
  const strange = opened.files.filter(({ path }) => !known.has(path));
  const work: Listened[] = [
    ...utterances.map((utterance) => ({ id: utterance.id, path: utterance.file, utterance })),
    ...strange.map(({ path, relativePath }) => ({ id: relativePath, path, utterance: undefined })),
  ];
  const pool = openAudioPool();
  try {
    const recordings: InspectedRecording[] = [];
    const broken: BrokenFile[] = [];
    let done = 0;
    // Few files are waited for at a time, so that their samples do not pile up.
    await forEachConcurrently(work, 8, async (item) => {
      try {
        recordings.push(await inspectRecording(pool, item, signal));
      } catch (error) {
        if (!isUndertoneError(error) || error.code === "cancelled") throw error;
        broken.push(brokenFile({ id: item.id, file: item.path }, error));
      }
      onProgress?.("listening", ++done, work.length);
    });
    recordings.sort((a, b) => (a.id < b.id ? -1 : 1));
    broken.sort((a, b) => (a.id < b.id ? -1 : 1));

    const exact = exactDuplicates(recordings);
    const alike = await alikeRecordings(pool, recordings, { exact, signal, onProgress });
    const lost = new Set(broken.map(({ id }) => id));
    const heard = { ...opened.dataset, utterances: utterances.filter(({ id }) => !lost.has(id)) };
    const distance =
      model && "manifest" in model
        ? await measureDistance(heard, model, { clips: heardByModel, own: false, seed: 1 }, options)
        : model;
    return { ...report(opened, recordings, broken, { exact, alike }), distance };
  } finally {
    await pool.close();
  }
}

/** What is to be decoded. */
type Listened = Pick<InspectedRecording, "id" | "path" | "utterance">;

async function inspectRecording(
  pool: AudioPool,
  item: Listened,
  signal: AbortSignal | undefined,
): Promise<InspectedRecording> {
  const { start, end } = item.utterance ?? {};
  const decoded = await pool.decode(item.path, { start, end, signal });
  const { wave, sourceSampleRate, sourceChannels, ...told } = decoded;
  return {
    ...{ ...item, ...told, rate: sourceSampleRate, channels: sourceChannels },
    measures: measureRecording(wave.samples, wave.sampleRate),
    narrowHz: narrowBandHz(wave, heardRate),
    fingerprint: recordingFingerprint(wave.samples, wave.sampleRate),
  };
}

/** Returns groups of recordings with equal samples; digital silence does not count. */
function exactDuplicates(recordings: readonly InspectedRecording[]): InspectedRecording[][] {
  const byHash = groupBy(recordings, ({ contentHash }) => contentHash);
  return [...byHash.values()].filter((group) => group.length > 1 && group[0].measures.levelDb !== null);
}

/** Returns pairs that are one recording though their samples differ. */
async function alikeRecordings(
  pool: AudioPool,
  recordings: readonly InspectedRecording[],
  {
    exact,
    signal,
    onProgress,
  }: {
    exact: readonly InspectedRecording[][];
    signal: AbortSignal | undefined;
    onProgress: InspectOptions["onProgress"];
  },
): Promise<Alike> {
  const copies = new Set(exact.flatMap((group) => group.slice(1)));
  const audible = recordings.filter((one) => one.measures.levelDb !== null && !copies.has(one));
  const candidates = similarFingerprints(
    audible.map(({ fingerprint }) => fingerprint),
    leastAlike,
  );
  const compared = candidates.slice(0, mostCandidates);
  const found = new Map<number, Alike["pairs"][number]>();
  let done = 0;
  await forEachConcurrently(compared, 2, async (candidate, i) => {
    const [one, other] = [audible[candidate.a], audible[candidate.b]];
    const rate = Math.min(one.rate, other.rate);
    const waves = await Promise.all(
      [one, other].map(({ path, utterance, rate: own }) =>
        pool.decode(path, {
          sampleRate: own === rate ? undefined : rate,
          start: utterance?.start,
          end: utterance?.end,
          signal,
        }),
      ),
    );
    const [a, b] = waves.map(({ wave }) => wave.samples.subarray(0, Math.floor(longestCompared * rate)));
    const { correlation, lagSamples } = alignRecordings(a!, b!);
    if (correlation >= sameRecording) {
      found.set(i, { a: one, b: other, correlation, shiftSeconds: lagSamples / rate });
    }
    onProgress?.("comparing recordings that look alike", ++done, compared.length);
  });
  const pairs = [...found].sort(([i], [j]) => i - j).map(([, pair]) => pair);
  return { pairs, skipped: candidates.length - compared.length };
}

function report(
  opened: Awaited<ReturnType<typeof openDataset>>,
  recordings: readonly InspectedRecording[],
  broken: readonly BrokenFile[],
  { exact, alike }: { exact: readonly InspectedRecording[][]; alike: Alike },
): Omit<InspectReport, "distance"> {
  const corpus = corpora.find(({ id }) => id === opened.corpus);
  const { utterances } = opened.dataset;
  const known = recordings.filter(
    (one): one is InspectedRecording & { utterance: Utterance } => one.utterance !== undefined,
  );
  const labelled = known.filter(({ utterance }) => utterance.label !== undefined);
  const clue = (value: (one: InspectedRecording) => number | null): ClassClue | null => {
    const usable = labelled.filter((one) => value(one) !== null);
    const classes = new Set(usable.map(({ utterance }) => utterance.label)).size;
    if (usable.length < leastPerClass * classes) return null;
    return classClue(
      usable.map((one) => value(one)!),
      usable.map(({ utterance }) => utterance.label!),
      usable.map(({ utterance }) => utterance.speaker),
    );
  };
  const clues = {
    length: clue(({ measures }) => measures.seconds),
    level: clue(({ measures }) => measures.levelDb),
  };
  const design = corpus ? findDesignGaps(corpus, utterances) : null;
  const secondsOf = new Map(known.map(({ id, measures }) => [id, measures.seconds]));
  const seconds = (list: readonly Utterance[]): number =>
    list.reduce((sum, { id }) => sum + (secondsOf.get(id) ?? 0), 0);
  const bySpeaker = groupBy(utterances, ({ speaker }) => speaker);
  const byLabel = groupBy(utterances, ({ label }) => label ?? "(none)");
  const speakers = Object.fromEntries(
    [...bySpeaker]
      .sort(byKey)
      .map(([name, own]) => [
        name,
        { utterances: own.length, seconds: seconds(own), sex: own[0].attributes.sex ?? null },
      ]),
  );
  const sexes = groupBy(Object.values(speakers), ({ sex }) => sex ?? "unknown");
  const formats = groupBy(
    recordings,
    (one) =>
      `${one.container}, ${one.rate} Hz, ${one.channels} ${one.channels === 1 ? "channel" : "channels"}`,
  );
  return {
    corpus: opened.corpus,
    title: corpus?.title ?? opened.dataset.name,
    licence: corpus?.licence ?? null,
    citation: corpus?.citation ?? null,
    folder: opened.folder,
    files: recordings.length + broken.length,
    utterances: utterances.length,
    seconds: recordings.reduce((sum, { measures }) => sum + measures.seconds, 0),
    speakers,
    labels: Object.fromEntries(
      [...byLabel].sort(byKey).map(([name, own]) => [
        name,
        {
          utterances: own.length,
          seconds: seconds(own),
          speakers: new Set(own.map(({ speaker }) => speaker).filter((name) => !isUnknownSpeaker(name))).size,
        },
      ]),
    ),
    sexes: Object.fromEntries([...sexes].sort(byKey).map(([sex, own]) => [sex, own.length])),
    sentences: new Set(utterances.flatMap(({ attributes }) => attributes.sentence ?? [])).size,
    formats: Object.fromEntries(
      [...formats].sort((a, b) => b[1].length - a[1].length).map(([format, own]) => [format, own.length]),
    ),
    duration: spread(recordings.map(({ measures }) => measures.seconds)),
    levelDb: spread(recordings.flatMap(({ measures }) => measures.levelDb ?? [])),
    duplicates: [
      ...exact.flatMap((group) => group.slice(1).map((copy) => [group[0].id, copy.id] as const)),
      ...alike.pairs.map(({ a, b }) => [a.id, b.id] as const),
    ],
    clues,
    design: design && { expected: design.expected, present: design.present },
    oddities: [
      // What is not audio comes back as broken, with the reason.
      ...opened.problems
        .filter(({ kind }) => kind !== "not-audio")
        .map(
          (problem): Oddity => ({
            ...problem,
            severity: problem.kind === "unknown-speaker" || problem.kind === "no-label" ? "warning" : "error",
          }),
        ),
      ...findDatasetWarnings(opened.dataset)
        .filter(({ kind }) => kind !== "unknown-speaker")
        .flatMap(({ kind, examples, message }) => odd(kind, "warning", examples, () => message)),
      ...opened.remarks.flatMap((message) => odd("remark", "note", [], () => message, 1)),
      ...brokenFiles(broken.filter(({ code }) => code !== "file/not-found")),
      ...sameRecordings(exact, alike),
      ...fileOddities(recordings),
      ...soundOddities(recordings),
      ...clueOddities(clues),
      ...designOddities(design),
    ],
  };
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
