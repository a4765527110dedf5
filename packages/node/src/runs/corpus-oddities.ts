/** What is wrong with a corpus, one sentence each. */
import { extname } from "node:path";
import type { AudioContainer } from "@undertone/core/audio";
import type {
  ClassClue,
  DatasetWarning,
  DesignGaps,
  RecordingMeasures,
  Utterance,
} from "@undertone/core/data";
import type { DatasetProblem } from "./dataset-problem.js";
import { type BrokenFile, describeBroken } from "./extract-table.js";
import { groupBy } from "./group-by.js";
import { spread } from "./spread.js";

/** Something that is wrong, or that one should know before training. */
export interface Oddity {
  readonly kind:
    | DatasetProblem["kind"]
    | DatasetWarning["kind"]
    | "remark"
    | "broken"
    | "duplicate"
    | "same-recording"
    | "stereo"
    | "wrong-ending"
    | "header"
    | "sample-rate"
    | "all-silent"
    | "digital-silence"
    | "quiet-ends"
    | "clipping"
    | "offset"
    | "narrow-band"
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

/** A recording that was decoded. */
export interface InspectedRecording {
  readonly id: string;
  readonly path: string;
  readonly utterance: Utterance | undefined;
  readonly container: AudioContainer;
  readonly rate: number;
  readonly channels: number;
  readonly identicalChannels: boolean;
  readonly clippedSamples: number;
  readonly contentHash: string;
  /** Sentences about a header that was less true than the data. */
  readonly remarks: readonly string[];
  readonly measures: RecordingMeasures;
  /** Upper edge of what is in it, in Hz; absent where that is all that speech models hear. */
  readonly narrowHz?: number | undefined;
  readonly fingerprint: Float32Array;
}

/** Recordings that are one and the same, though not to the last bit. */
export interface Alike {
  readonly pairs: readonly {
    readonly a: InspectedRecording;
    readonly b: InspectedRecording;
    readonly correlation: number;
    readonly shiftSeconds: number;
  }[];
  /** Pairs that look alike and were not compared, as there were too many. */
  readonly skipped: number;
}

const endingsOf: Record<AudioContainer, readonly string[]> = {
  wav: [".wav", ".wave"],
  aiff: [".aif", ".aiff", ".aifc"],
  caf: [".caf"],
  au: [".au", ".snd"],
  w64: [".w64"],
  flac: [".flac"],
  mp3: [".mp3", ".mp2"],
  aac: [".aac"],
  "ogg-vorbis": [".ogg", ".oga"],
  "ogg-opus": [".ogg", ".oga", ".opus"],
  "ogg-flac": [".ogg", ".oga"],
  webm: [".webm", ".mka", ".mkv"],
  m4a: [".m4a", ".m4b", ".mp4", ".mov", ".aac"],
};

/** Examples that an oddity lists. */
const named = 20;

/** Returns the oddity, or nothing where there is none; `message` gets "1 file" or "N files". */
export function odd(
  kind: Oddity["kind"],
  severity: Oddity["severity"],
  examples: readonly string[],
  message: (n: string) => string,
  count = examples.length,
): Oddity[] {
  if (count === 0) return [];
  const text = message(`${count} ${count === 1 ? "file" : "files"}`);
  return [{ kind, severity, count, message: text, examples: examples.slice(0, named) }];
}

/** Files that cannot be decoded. */
export function brokenFiles(broken: readonly BrokenFile[]): Oddity[] {
  return odd(
    "broken",
    "error",
    broken.map((one) => `${describeBroken([one])} (${one.code})`),
    (n) => `${n} cannot be decoded`,
  );
}

/** Recordings that are there more than once. */
export function sameRecordings(exact: readonly InspectedRecording[][], { pairs, skipped }: Alike): Oddity[] {
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
    ...odd(
      "same-recording",
      "note",
      [],
      () => `${skipped} more pairs look alike and were not compared`,
      skipped,
    ),
  ];
}

/** Endings, rates and channels. */
export function fileOddities(
  recordings: readonly Omit<InspectedRecording, "measures" | "fingerprint">[],
): Oddity[] {
  const stereo = recordings.filter(({ channels }) => channels > 1);
  const equal = stereo.filter(({ identicalChannels }) => identicalChannels);
  const different = stereo.filter(({ identicalChannels }) => !identicalChannels);
  const rates = [...groupBy(recordings, ({ rate }) => rate)].sort((a, b) => b[1].length - a[1].length);
  const usual = rates[0]?.[0];
  const otherRates = recordings.filter(({ rate }) => rate !== usual);
  const misnamed = recordings.filter(
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
      "header",
      "note",
      recordings.flatMap(({ id, remarks }) =>
        remarks.map((remark) => `${id} (${remark.replace(/^.* though |\.$/g, "")})`),
      ),
      (n) => `${n} whose header is less true than the data, which were read`,
    ),
    ...odd(
      "sample-rate",
      "warning",
      otherRates.map(({ id, rate }) => `${id} (${rate} Hz)`),
      (n) => `${n} at another sample rate than the usual ${usual} Hz`,
    ),
  ];
}

/** Silence, clipping, offsets and bands. */
export function soundOddities(recordings: readonly InspectedRecording[]): Oddity[] {
  const silent = recordings.filter(({ measures }) => measures.levelDb === null);
  const audible = recordings.filter(({ measures }) => measures.levelDb !== null);
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
  const narrow = recordings.filter(({ narrowHz }) => narrowHz !== undefined);
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
    ...odd(
      "narrow-band",
      "warning",
      narrow.map(({ id, narrowHz }) => `${id} (up to ${narrowHz} Hz)`),
      (n) =>
        `${n} without anything in the upper part of the band that models hear, as from a telephone or 8 kHz (median edge ${spread(narrow.map(({ narrowHz }) => narrowHz!))?.median} Hz)`,
    ),
  ];
}

/** Plain numbers that tell the class. */
export function clueOddities({
  length,
  level,
}: {
  readonly length: ClassClue | null;
  readonly level: ClassClue | null;
}): Oddity[] {
  const tell = (
    kind: "length-tells-class" | "level-tells-class",
    what: string,
    clue: ClassClue | null,
    unit: string,
  ): Oddity[] => {
    if (!clue || clue.interval.low <= clue.chance || (clue.uar < 1.5 * clue.chance && clue.etaSquared < 0.1))
      return [];
    const order = Object.entries(clue.medians).sort((a, b) => a[1] - b[1]);
    const text = ([name, value]: [string, number]): string =>
      `${name} ${value.toFixed(unit === "s" ? 2 : 1)} ${unit}`;
    return odd(
      kind,
      "warning",
      order.map(text),
      () =>
        `The ${what} alone tells the class: it guesses ${(100 * clue.uar).toFixed(0)} % (${(100 * clue.interval.low).toFixed(0)} to ${(100 * clue.interval.high).toFixed(0)}; unweighted average recall${clue.unseenGroups ? ", unseen speakers" : ""}) where chance is ${(100 * clue.chance).toFixed(0)} %, ` +
        `and ${(100 * clue.etaSquared).toFixed(0)} % of its variance lies between classes (medians from ${text(order[0])} to ${text(order.at(-1)!)})`,
      1,
    );
  };
  return [
    ...tell("length-tells-class", "length", length, "s"),
    ...tell("level-tells-class", "level", level, "dBFS"),
  ];
}

/** Cells of a balanced design that are missing or doubled. */
export function designOddities(design: DesignGaps | null): Oddity[] {
  if (!design) return [];
  const { present, expected, missing, doubled } = design;
  return [
    ...(present < expected / 2
      ? odd(
          "part-of-corpus",
          "note",
          [],
          () => `A part of the corpus: ${present} of ${expected} cells of its balanced design`,
          1,
        )
      : odd(
          "missing-cell",
          "warning",
          missing,
          () =>
            `${missing.length} of ${expected} cells of the balanced design ${missing.length === 1 ? "is" : "are"} missing`,
        )),
    ...odd(
      "doubled-cell",
      "warning",
      doubled.map(({ cell, ids }) => `${cell}: ${ids.join(", ")}`),
      () => `${doubled.length} cells of the balanced design occur more than once`,
    ),
  ];
}
