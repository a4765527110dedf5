/** Features of recordings one after the other: short ones whole and past the cache, long ones in pieces, however long they are. */

import { type AudioStream, resample, resampleStream } from "@undertone/core/audio";
import type { Utterance } from "@undertone/core/data";
import { isUndertoneError, stopIfAborted, UndertoneError } from "@undertone/core/errors";
import { type OpenFeatureSet, openFeatureSet } from "@undertone/core/features";
import { nodeEncoderResources } from "../encoders/encoder-resources.js";
import { openAudioPool } from "../workers/audio-pool.js";
import {
  type BrokenFile,
  brokenFile,
  type ExtractorOptions,
  inFlight,
  isBrokenRecording,
  nothingLeft,
  openExtractor,
  refuseBroken,
} from "./extract-table.js";
import { pauseForEvents } from "./pause-for-events.js";
import type { TablePart } from "./table-file.js";

/** Longest recording in seconds, and largest file in bytes, that is extracted whole. */
const [wholeSeconds, wholeBytes] = [300, 2 ** 26];
/** Windows in seconds of longer ones, where none are asked for. */
const longWindowSeconds = 60;

/** Options of `featureParts`. */
export interface FeaturePartsOptions
  extends Pick<ExtractorOptions, "featureSetId" | "source" | "signal" | "onWarning"> {
  /** What sentences call the recordings. */
  readonly name: string;
  /** Cut every recording into windows of so many seconds; default: only long ones. */
  readonly windowSeconds?: number | undefined;
  /** Longest recording in seconds that is extracted whole; default five minutes. */
  readonly maxSeconds?: number;
  /** Leave broken recordings out instead of stopping at the end. */
  readonly skipBroken?: boolean;
  /** Told of each broken recording when it is found. */
  readonly onBroken: (broken: BrokenFile) => void;
  /** Told how many recordings are done, with the part of the one under way. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Gives the features of utterances in their order. A recording of more than five minutes comes in windows of a minute, each an utterance with `start` and `end`;
 * the frames of sets that can stream come without, and are those of the whole.
 * @throws UndertoneError at the end `corpus/broken-files` (unless `skipBroken`) or `corpus/empty` when nothing remains; `features/*`, `cancelled`.
 */
export async function* featureParts(
  utterances: readonly Utterance[],
  {
    name,
    windowSeconds,
    maxSeconds = wholeSeconds,
    skipBroken = false,
    onBroken,
    onProgress,
    ...options
  }: FeaturePartsOptions,
): AsyncGenerator<TablePart> {
  const { featureSetId, source = ({ file }) => file, signal, onWarning } = options;
  const total = utterances.length;
  const pool = openAudioPool({ limits: { maxSeconds, maxBytes: wholeBytes } });
  const extractor = await openExtractor({ ...options, pool });
  let set: OpenFeatureSet | undefined;
  const broken: BrokenFile[] = [];
  const waiting = windowSeconds === undefined ? [...utterances] : [];
  const started: ReturnType<typeof extractor.extract>[] = [];

  function piecesOf(
    utterance: Utterance,
    stream: AudioStream,
    set: OpenFeatureSet,
  ): AsyncGenerator<TablePart> {
    if (windowSeconds !== undefined) return windowsOf(utterance, stream, { set, windowSeconds, onWarning });
    if (set.openStream && !set.levelFree) return framesOf(utterance, stream, set);
    // A file may have many bytes a second, or hold far more than the utterance.
    const { start = 0, end = Number.POSITIVE_INFINITY } = utterance;
    if (Math.min(end, stream.seconds ?? end) - start <= maxSeconds)
      return wholeOf(utterance, stream, { set, maxSeconds });
    onWarning?.(
      `'${utterance.id}' lasts more than ${maxSeconds} s and has a row for each ${longWindowSeconds} s; --window chooses another length`,
    );
    return windowsOf(utterance, stream, { set, windowSeconds: longWindowSeconds, onWarning });
  }

  async function* inPieces(utterance: Utterance, done: number): AsyncGenerator<TablePart> {
    set ??= await openFeatureSet(featureSetId, nodeEncoderResources());
    const { start, end } = utterance;
    const stream = await pool.stream(source(utterance), { start, end, signal });
    let rows = 0;
    try {
      const parts = piecesOf(utterance, stream, set);
      for await (const part of parts) {
        onProgress?.(done + stream.progress, total);
        rows += part.features.rows;
        yield part;
        await pauseForEvents();
        stopIfAborted(signal);
      }
    } catch (error) {
      if (rows > 0 && isBrokenRecording(error))
        onWarning?.(`'${utterance.id}' keeps the ${rows} rows of what was read before it broke`);
      throw error;
    } finally {
      await stream.close();
    }
  }

  try {
    for (const [i, utterance] of utterances.entries()) {
      stopIfAborted(signal);
      while (started.length < inFlight && waiting.length > 0) {
        const extracting = extractor.extract(waiting.shift()!);
        extracting.catch(() => undefined);
        started.push(extracting);
      }
      try {
        const whole = await started.shift()?.catch((error: unknown) => {
          if (!isLong(error)) throw error;
        });
        if (whole) yield { utterance, features: whole.features };
        else yield* inPieces(utterance, i);
      } catch (error) {
        if (!isBrokenRecording(error) || (total === 1 && !skipBroken)) throw error;
        const failure = brokenFile(utterance, error);
        broken.push(failure);
        onBroken(failure);
      }
      onProgress?.(i + 1, total);
    }
    if (!skipBroken) refuseBroken(broken, { name, total });
    if (broken.length === total) throw nothingLeft(broken, { name, total });
  } finally {
    await set?.close?.();
    await pool.close();
  }
}

function isLong(error: unknown): boolean {
  return isUndertoneError(error, "audio/too-long") || isUndertoneError(error, "audio/too-large");
}

async function* framesOf(
  utterance: Utterance,
  stream: AudioStream,
  set: OpenFeatureSet,
): AsyncGenerator<TablePart> {
  const atRate = resampleStream(stream.sampleRate, set.sampleRate);
  const rows = set.openStream!();
  for await (const piece of stream.pieces())
    yield { utterance, features: await rows.push(atRate.push(piece)) };
  yield { utterance, features: await rows.push(atRate.finish()) };
  yield { utterance, features: await rows.finish() };
}

async function* wholeOf(
  utterance: Utterance,
  stream: AudioStream,
  { set, maxSeconds }: { set: OpenFeatureSet; maxSeconds: number },
): AsyncGenerator<TablePart> {
  const { sampleRate } = stream;
  const most = Math.ceil(maxSeconds * sampleRate) + 1;
  for await (const samples of cut(stream.pieces(), most)) {
    if (samples.length === most)
      throw new UndertoneError(
        "audio/too-long",
        `'${utterance.id}' lasts more than ${maxSeconds} s, though its header says ${stream.seconds} s; --window cuts it.`,
      );
    yield { utterance, features: await set.extract(resample({ samples, sampleRate }, set.sampleRate)) };
  }
}

async function* windowsOf(
  utterance: Utterance,
  stream: AudioStream,
  {
    set,
    windowSeconds,
    onWarning,
  }: { set: OpenFeatureSet; windowSeconds: number; onWarning: ExtractorOptions["onWarning"] },
): AsyncGenerator<TablePart> {
  const { sampleRate } = stream;
  const { id, start: origin = 0 } = utterance;
  let count = 0;
  let unheard: UndertoneError | undefined;
  let unheardCount = 0;
  let at = 0;
  for await (const samples of cut(stream.pieces(), Math.max(1, Math.round(windowSeconds * sampleRate)))) {
    count++;
    const start = origin + at / sampleRate;
    at += samples.length;
    const end = origin + at / sampleRate;
    try {
      const features = await set.extract(resample({ samples, sampleRate }, set.sampleRate));
      yield { utterance: { ...utterance, id: `${id}#t=${start},${end}`, start, end }, features };
    } catch (error) {
      if (!isUndertoneError(error, "audio/silent") && !isUndertoneError(error, "audio/too-short"))
        throw error;
      unheard = error;
      unheardCount++;
    }
  }
  if (unheard && unheardCount === count) throw unheard;
  if (unheard)
    onWarning?.(`'${id}': ${unheardCount} of ${count} windows are silent or too short and have no row`);
  if (count === 0) throw new UndertoneError("audio/empty", `'${id}' has no samples, expected at least one.`);
}

/** Gives the samples of pieces in stretches of one length, the last as long as there are samples. */
async function* cut(pieces: AsyncIterable<Float32Array>, length: number): AsyncGenerator<Float32Array> {
  let window = new Float32Array(length);
  let filled = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + length - filled);
      window.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < length) continue;
      yield window;
      window = new Float32Array(length);
      filled = 0;
    }
  }
  if (filled > 0) yield window.subarray(0, filled);
}
