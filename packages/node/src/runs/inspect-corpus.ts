/** Listens to every recording of a corpus and tells what is in it and what is wrong with it. */
import { extname } from "node:path";
import {
  type AudioContainer,
  alignRecordings,
  type ClassClue,
  classClue,
  corpora,
  type DesignGaps,
  findDesignGaps,
  isUndertoneError,
  measureRecording,
  type RecordingMeasures,
  recordingFingerprint,
  similarFingerprints,
  type Utterance,
} from "@undertone/core";
import { type AudioPool, openAudioPool } from "../io/audio-pool.js";
import { type DatasetProblem, type OpenDatasetOptions, openDataset } from "./open-dataset.js";

export interface InspectOptions extends OpenDatasetOptions {
  readonly threads?: number;
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

/** Something that is wrong, or that one should know before training. */
export interface Oddity {
  readonly kind:
    | DatasetProblem["kind"]
    | "broken"
    | "duplicate"
    | "same-recording"
    | "stereo"
    | "wrong-ending"
    | "sample-rate"
    | "all-silent"
    | "digital-silence"
    | "quiet-ends"
    | "clipping"
    | "offset"
    | "length-tells-class"
    | "level-tells-class"
    | "missing-cell"
    | "doubled-cell"
    | "part-of-corpus";
  /** `error`: cannot be used; `warning`: spoils results unless dealt with; `note`: good to know. */
  readonly severity: "error" | "warning" | "note";
  /** How many files, pairs or cells; 1 for a remark about the whole. */
  readonly count: number;
  /** One sentence. */
  readonly message: string;
  /** What it is about: names, `a = b` for pairs. */
  readonly examples: readonly string[];
}

/** Minimum, quartiles and maximum. */
export interface Spread {
  readonly min: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly max: number;
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
    Record<string, { readonly utterances: number; readonly seconds: number; readonly speakers: number }>
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
}

interface Heard {
  readonly id: string;
  readonly path: string;
  readonly utterance: Utterance | undefined;
  readonly container: AudioContainer;
  readonly rate: number;
  readonly channels: number;
  readonly identicalChannels: boolean;
  readonly clippedSamples: number;
  readonly contentHash: string;
  readonly measures: RecordingMeasures;
  readonly fingerprint: Float32Array;
}

interface Broken {
  readonly id: string;
  readonly code: string;
  readonly message: string;
}

const endingsOf: Record<AudioContainer, readonly string[]> = {
  wav: [".wav", ".wave"],
  aiff: [".aif", ".aiff", ".aifc"],
  flac: [".flac"],
  mp3: [".mp3", ".mp2"],
  aac: [".aac"],
  "ogg-vorbis": [".ogg", ".oga"],
  "ogg-opus": [".ogg", ".oga", ".opus"],
  "ogg-flac": [".ogg", ".oga"],
  webm: [".webm", ".mka", ".mkv"],
  m4a: [".m4a", ".m4b", ".mp4", ".mov", ".aac"],
};

/** Copies at another level, rate, shift or in another format measure above 0.9997; other recordings of a carrier phrase rarely above 0.995. */
const leastAlike = 0.995;
/** One recording at another level, rate or in another format stays above; two takes of one sentence stay far below. */
const sameRecording = 0.9;
const mostCandidates = 400;
/** Seconds of each recording that are laid on each other. */
const longestCompared = 30;
/** Below this mean number a class, nothing can be said of what a number tells. */
const leastPerClass = 5;
const named = 20;

/**
 * Returns what is in a folder or manifest and what is wrong with it. Every audio file is decoded once, those whose names are not the
 * corpus' included.
 * @throws UndertoneError as `openDataset`, and `cancelled`.
 */
export async function inspectCorpus(
  paths: string | readonly string[],
  options: InspectOptions = {},
): Promise<InspectReport> {
  const { signal, onProgress, threads } = options;
  const opened = await openDataset(paths, options);
  const byFile = new Map<string, Utterance>(
    opened.files.length > 0 ? opened.dataset.utterances.map((utterance) => [utterance.file, utterance]) : [],
  );
  const work: { id: string; path: string; utterance: Utterance | undefined }[] =
    opened.files.length > 0
      ? opened.files.map(({ path, relativePath }) => ({
          id: byFile.get(path)?.id ?? relativePath,
          path,
          utterance: byFile.get(path),
        }))
      : opened.dataset.utterances.map((utterance) => ({ id: utterance.id, path: utterance.file, utterance }));

  const pool = openAudioPool(threads === undefined ? {} : { threads });
  try {
    const heard: Heard[] = [];
    const broken: Broken[] = [];
    let next = 0;
    let done = 0;
    const listen = async (): Promise<void> => {
      for (let item = work[next++]; item !== undefined; item = work[next++]) {
        try {
          heard.push(await hear(pool, item, signal));
        } catch (error) {
          if (!isUndertoneError(error) || error.code === "cancelled") throw error;
          broken.push({ id: item.id, code: error.code, message: error.message });
        }
        onProgress?.("listening", ++done, work.length);
      }
    };
    // Few files are waited for at a time, so that their samples do not pile up.
    await Promise.all(Array.from({ length: 8 }, listen));
    heard.sort((a, b) => (a.id < b.id ? -1 : 1));
    broken.sort((a, b) => (a.id < b.id ? -1 : 1));

    const exact = exactDuplicates(heard);
    const alike = await alikeRecordings(pool, heard, { exact, signal, onProgress });
    return report(opened, heard, broken, { exact, alike });
  } finally {
    await pool.close();
  }
}

async function hear(
  pool: AudioPool,
  {
    id,
    path,
    utterance,
  }: { readonly id: string; readonly path: string; readonly utterance: Utterance | undefined },
  signal: AbortSignal | undefined,
): Promise<Heard> {
  const {
    wave,
    container,
    sourceSampleRate,
    sourceChannels,
    identicalChannels,
    clippedSamples,
    contentHash,
  } = await pool.decode(path, {
    start: utterance?.start,
    end: utterance?.end,
    signal,
  });
  return {
    id,
    path,
    utterance,
    container,
    rate: sourceSampleRate,
    channels: sourceChannels,
    identicalChannels,
    clippedSamples,
    contentHash,
    measures: measureRecording(wave.samples, wave.sampleRate),
    fingerprint: recordingFingerprint(wave.samples, wave.sampleRate),
  };
}

/** Returns groups of recordings with equal samples; digital silence does not count. */
function exactDuplicates(heard: readonly Heard[]): Heard[][] {
  const byHash = groupBy(heard, ({ contentHash }) => contentHash);
  return [...byHash.values()].filter((group) => group.length > 1 && group[0]!.measures.levelDb !== null);
}

interface Alike {
  readonly pairs: readonly {
    readonly a: Heard;
    readonly b: Heard;
    readonly correlation: number;
    readonly shiftSeconds: number;
  }[];
  /** Pairs that look alike and were not compared, as there were too many. */
  readonly skipped: number;
}

/** Returns pairs that are one recording though their samples differ. */
async function alikeRecordings(
  pool: AudioPool,
  heard: readonly Heard[],
  {
    exact,
    signal,
    onProgress,
  }: { exact: readonly Heard[][]; signal: AbortSignal | undefined; onProgress: InspectOptions["onProgress"] },
): Promise<Alike> {
  const copies = new Set(exact.flatMap((group) => group.slice(1)));
  const audible = heard.filter((one) => one.measures.levelDb !== null && !copies.has(one));
  const candidates = similarFingerprints(
    audible.map(({ fingerprint }) => fingerprint),
    leastAlike,
  );
  const compared = candidates.slice(0, mostCandidates);
  const found = new Map<number, Alike["pairs"][number]>();
  let next = 0;
  let done = 0;
  const compare = async (): Promise<void> => {
    for (let i = next++; i < compared.length; i = next++) {
      const [one, other] = [audible[compared[i]!.a]!, audible[compared[i]!.b]!];
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
    }
  };
  await Promise.all([compare(), compare()]);
  const pairs = [...found].sort(([i], [j]) => i - j).map(([, pair]) => pair);
  return { pairs, skipped: candidates.length - compared.length };
}

function report(
  opened: Awaited<ReturnType<typeof openDataset>>,
  heard: readonly Heard[],
  broken: readonly Broken[],
  { exact, alike }: { exact: readonly Heard[][]; alike: Alike },
): InspectReport {
  const corpus = corpora.find(({ id }) => id === opened.corpus);
  const { utterances } = opened.dataset;
  const known = heard.filter((one): one is Heard & { utterance: Utterance } => one.utterance !== undefined);
  const labelled = known.filter(({ utterance }) => utterance.label !== undefined);
  const clue = (value: (one: Heard) => number | null): ClassClue | null => {
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
        { utterances: own.length, seconds: seconds(own), sex: own[0]!.attributes.sex ?? null },
      ]),
  );
  const sexes = groupBy(Object.values(speakers), ({ sex }) => sex ?? "unknown");
  const formats = groupBy(
    heard,
    (one) =>
      `${one.container}, ${one.rate} Hz, ${one.channels} ${one.channels === 1 ? "channel" : "channels"}`,
  );
  return {
    corpus: opened.corpus,
    title: corpus?.title ?? opened.dataset.name,
    licence: corpus?.licence ?? null,
    citation: corpus?.citation ?? null,
    folder: opened.folder,
    files: heard.length + broken.length,
    utterances: utterances.length,
    seconds: heard.reduce((sum, { measures }) => sum + measures.seconds, 0),
    speakers,
    labels: Object.fromEntries(
      [...byLabel].sort(byKey).map(([name, own]) => [
        name,
        {
          utterances: own.length,
          seconds: seconds(own),
          speakers: new Set(own.map(({ speaker }) => speaker)).size,
        },
      ]),
    ),
    sexes: Object.fromEntries([...sexes].sort(byKey).map(([sex, own]) => [sex, own.length])),
    sentences: new Set(utterances.flatMap(({ attributes }) => attributes.sentence ?? [])).size,
    formats: Object.fromEntries(
      [...formats].sort((a, b) => b[1].length - a[1].length).map(([format, own]) => [format, own.length]),
    ),
    duration: spread(heard.map(({ measures }) => measures.seconds)),
    levelDb: spread(heard.flatMap(({ measures }) => measures.levelDb ?? [])),
    duplicates: [
      ...exact.flatMap((group) => group.slice(1).map((copy) => [group[0]!.id, copy.id] as const)),
      ...alike.pairs.map(({ a, b }) => [a.id, b.id] as const),
    ],
    clues,
    design: design && { expected: design.expected, present: design.present },
    oddities: [
      ...opened.problems.map(
        ({ kind, count, message, examples }): Oddity => ({
          kind,
          severity: kind === "unknown-speaker" || kind === "no-label" ? "warning" : "error",
          count,
          message,
          examples,
        }),
      ),
      ...brokenFiles(broken),
      ...sameRecordings(exact, alike),
      ...fileOddities(heard),
      ...soundOddities(heard),
      ...clueOddities(clues),
      ...designOddities(design),
    ],
  };
}

function odd(
  kind: Oddity["kind"],
  severity: Oddity["severity"],
  examples: readonly string[],
  message: (n: string) => string,
): Oddity[] {
  const n = examples.length;
  return n === 0
    ? []
    : [
        {
          kind,
          severity,
          count: n,
          message: message(`${n} ${n === 1 ? "file" : "files"}`),
          examples: examples.slice(0, named),
        },
      ];
}

function brokenFiles(broken: readonly Broken[]): Oddity[] {
  return odd(
    "broken",
    "error",
    broken.map(({ id, code, message }) => `${id} (${code}: ${message})`),
    (n) => `${n} cannot be decoded`,
  );
}

function sameRecordings(exact: readonly Heard[][], { pairs, skipped }: Alike): Oddity[] {
  const sames = exact.map((group) => group.map(({ id }) => id).join(" = "));
  const alikes = pairs.map(
    ({ a, b, correlation, shiftSeconds }) =>
      `${a.id} ≈ ${b.id} (correlation ${correlation.toFixed(3)}, shift ${shiftSeconds.toFixed(3)} s, level ${(b.measures.levelDb! - a.measures.levelDb!).toFixed(1)} dB)`,
  );
  const count = (n: number): string => `${n} recording${n === 1 ? "" : "s"}`;
  return [
    ...odd(
      "duplicate",
      "warning",
      sames,
      () => `${count(sames.length)} under two names or more, equal to the last sample`,
    ),
    ...odd(
      "same-recording",
      "warning",
      alikes,
      () => `${count(alikes.length)} under two names, with samples that differ`,
    ),
    ...(skipped > 0
      ? [
          {
            kind: "same-recording",
            severity: "note",
            count: skipped,
            message: `${skipped} more pairs look alike and were not compared`,
            examples: [],
          } as const,
        ]
      : []),
  ];
}

function fileOddities(heard: readonly Heard[]): Oddity[] {
  const stereo = heard.filter(({ channels }) => channels > 1);
  const equal = stereo.filter(({ identicalChannels }) => identicalChannels);
  const different = stereo.filter(({ identicalChannels }) => !identicalChannels);
  const rates = [...groupBy(heard, ({ rate }) => rate)].sort((a, b) => b[1].length - a[1].length);
  const usual = rates[0]?.[0];
  const otherRates = heard.filter(({ rate }) => rate !== usual);
  const misnamed = heard.filter(
    ({ path, container }) => !endingsOf[container].includes(extname(path).toLowerCase()),
  );
  return [
    ...odd(
      "stereo",
      "note",
      equal.map(({ id }) => id),
      (n) => `${n} with several channels that are all equal`,
    ),
    ...odd(
      "stereo",
      "warning",
      different.map(({ id, channels }) => `${id} (${channels} channels)`),
      (n) => `${n} with several channels that differ; they are averaged`,
    ),
    ...odd(
      "wrong-ending",
      "note",
      misnamed.map(({ id, container }) => `${id} (${container})`),
      (n) => `${n} with an ending that is not the content's`,
    ),
    ...odd(
      "sample-rate",
      "warning",
      otherRates.map(({ id, rate }) => `${id} (${rate} Hz)`),
      (n) => `${n} at another sample rate than the usual ${usual} Hz`,
    ),
  ];
}

function soundOddities(heard: readonly Heard[]): Oddity[] {
  const silent = heard.filter(({ measures }) => measures.levelDb === null);
  const audible = heard.filter(({ measures }) => measures.levelDb !== null);
  const zeros = audible.filter(
    ({ measures }) => Math.max(measures.zeroStartSeconds, measures.zeroEndSeconds) >= 0.1,
  );
  const quiet = audible.filter(
    ({ measures }) => measures.quietStartSeconds + measures.quietEndSeconds > 0.3 * measures.seconds,
  );
  const medianOf = (values: readonly number[]): string => (spread(values)?.median ?? 0).toFixed(2);
  const clipped = audible
    .filter(({ clippedSamples }) => clippedSamples >= 3)
    .sort((a, b) => b.clippedSamples - a.clippedSamples);
  const offset = audible.filter(({ measures }) => Math.abs(measures.offset) > 0.01);
  return [
    ...odd(
      "all-silent",
      "error",
      silent.map(({ id }) => id),
      (n) => `${n} of digital silence only`,
    ),
    ...odd(
      "digital-silence",
      "warning",
      zeros.map(
        ({ id, measures }) =>
          `${id} (${measures.zeroStartSeconds.toFixed(2)} s before, ${measures.zeroEndSeconds.toFixed(2)} s after)`,
      ),
      (n) => `${n} with at least 0.1 s of digital silence at an end`,
    ),
    ...odd(
      "quiet-ends",
      "note",
      quiet.map(
        ({ id, measures }) =>
          `${id} (${measures.quietStartSeconds.toFixed(2)} s before, ${measures.quietEndSeconds.toFixed(2)} s after)`,
      ),
      (n) =>
        `${n} of which more than 30 % are quiet ends, 40 dB below the peak (median of all: ${medianOf(audible.map(({ measures }) => measures.quietStartSeconds))} s before, ${medianOf(audible.map(({ measures }) => measures.quietEndSeconds))} s after)`,
    ),
    ...odd(
      "clipping",
      "warning",
      clipped.map(({ id, clippedSamples }) => `${id} (${clippedSamples} samples)`),
      (n) => `${n} with 3 or more samples at full scale`,
    ),
    ...odd(
      "offset",
      "note",
      offset.map(({ id, measures }) => `${id} (${measures.offset.toFixed(3)})`),
      (n) => `${n} with a constant offset above 0.01`,
    ),
  ];
}

function clueOddities({ length, level }: InspectReport["clues"]): Oddity[] {
  const tell = (
    kind: "length-tells-class" | "level-tells-class",
    what: string,
    clue: ClassClue | null,
    unit: string,
  ): Oddity[] => {
    if (!clue || (clue.uar < 1.5 * clue.chance && clue.etaSquared < 0.1)) return [];
    const order = Object.entries(clue.medians).sort((a, b) => a[1] - b[1]);
    const text = ([name, value]: [string, number]): string =>
      `${name} ${value.toFixed(unit === "s" ? 2 : 1)} ${unit}`;
    return [
      {
        kind,
        severity: "warning",
        count: 1,
        message:
          `The ${what} alone tells the class: it guesses ${(100 * clue.uar).toFixed(0)} % (unweighted average recall, unseen speakers) where chance is ${(100 * clue.chance).toFixed(0)} %, ` +
          `and ${(100 * clue.etaSquared).toFixed(0)} % of its variance lies between classes (medians from ${text(order[0]!)} to ${text(order.at(-1)!)})`,
        examples: order.map(text),
      },
    ];
  };
  return [
    ...tell("length-tells-class", "length", length, "s"),
    ...tell("level-tells-class", "level", level, "dBFS"),
  ];
}

function designOddities(design: DesignGaps | null): Oddity[] {
  if (!design) return [];
  const doubled: Oddity[] =
    design.doubled.length === 0
      ? []
      : [
          {
            kind: "doubled-cell",
            severity: "warning",
            count: design.doubled.length,
            message: `${design.doubled.length} cells of the balanced design occur more than once`,
            examples: design.doubled.slice(0, named).map(({ cell, ids }) => `${cell}: ${ids.join(", ")}`),
          },
        ];
  if (design.present < design.expected / 2) {
    return [
      {
        kind: "part-of-corpus",
        severity: "note",
        count: 1,
        message: `A part of the corpus: ${design.present} of ${design.expected} cells of its balanced design`,
        examples: [],
      },
      ...doubled,
    ];
  }
  const n = design.missing.length;
  const missing: Oddity[] =
    n === 0
      ? []
      : [
          {
            kind: "missing-cell",
            severity: "warning",
            count: n,
            message: `${n} of ${design.expected} cells of the balanced design ${n === 1 ? "is" : "are"} missing`,
            examples: design.missing.slice(0, named),
          },
        ];
  return [...missing, ...doubled];
}

function groupBy<T, K>(list: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of list) {
    const own = groups.get(key(item));
    if (own) own.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}

function spread(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))]!;
  return { min: at(0), low: at(0.25), median: at(0.5), high: at(0.75), max: at(1) };
}
