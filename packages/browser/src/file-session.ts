/** A file that the worker decodes and hears piece by piece, in slices short enough for other requests to come between them. */
import {
  type ArtifactManifest,
  type Prediction,
  type RecognizeOptions,
  type Recognizer,
  wholeClipSeconds,
} from "@undertone/core/artifact";
import {
  durationSeconds,
  joinSamples,
  resample,
  type Sounding,
  soundingMeter,
  type Waveform,
} from "@undertone/core/audio";
import { openAudio } from "./open-audio.js";
import { type Spectrogram, spectrogram } from "./spectrogram.js";
import { peakMeter } from "./wave-peaks.js";

/** Longest recording in seconds whose samples are kept, for its picture and for playing it. */
const keptSeconds = 60;
/** Work is handed back after so many milliseconds; between two looks at the clock lie so many seconds of audio. */
const sliceMs = 150;
const chunkSeconds = 2;

/** What came of a slice of work. */
export interface AudioSlice {
  readonly predictions: readonly Prediction[];
  /** Lowest and highest sample of each 10 ms since the slice before. */
  readonly peaks: Float32Array;
  /** Seconds heard so far, and the part of the file that was read, 0..1. */
  readonly seconds: number;
  readonly progress: number;
  /** Only in the last slice. */
  readonly end?: AudioEnd;
}

/** What is known of a recording once it was heard to its end. */
export interface AudioEnd {
  /** Where it sounds. */
  readonly span: Sounding;
  /** Sentences about headers that were less true than the data. */
  readonly remarks: readonly string[];
  /** What is heard in it as a whole; absent in a recording of more than `wholeClipSeconds`. */
  readonly whole?: Prediction;
  /** Its samples at the feature set's rate, and their picture; absent in a recording of more than a minute. */
  readonly wave?: Waveform;
  readonly picture?: Spectrogram;
}

export interface FileSession {
  readonly seconds: number | undefined;
  /** @throws UndertoneError `audio/*`; the session is not to be used afterwards. */
  hear(): Promise<AudioSlice>;
  close(): Promise<void>;
}

/** Opens a file for hearing. @throws UndertoneError `audio/*`, `file/unreadable`. */
export async function openFileSession(
  file: Blob,
  {
    recognizer,
    hopSeconds,
    ...known
  }: RecognizeOptions & {
    readonly recognizer: Recognizer;
    /** Default: as `hopFor`. */
    readonly hopSeconds: number | undefined;
  },
): Promise<FileSession> {
  const audio = await openAudio(file, "This file");
  const { sampleRate } = audio;
  const { timeline, features } = recognizer.manifest;
  const stream = recognizer.openStream({
    ...known,
    sampleRate,
    hopSeconds: hopSeconds ?? hopFor(audio.seconds, timeline),
  });
  const chunks = inChunks(audio.pieces(), Math.ceil(chunkSeconds * sampleRate));
  const sound = soundingMeter(sampleRate);
  const peaks = peakMeter(sampleRate);
  let kept: Float32Array[] | undefined = [];
  let total = 0;

  function take(samples: Float32Array): void {
    sound.add(samples);
    peaks.add(samples);
    total += samples.length;
    if (total > keptSeconds * sampleRate) kept = undefined;
    kept?.push(samples);
  }

  async function finish(): Promise<AudioEnd> {
    const end = { span: sound.finish(), remarks: audio.remarks };
    if (!kept || total === 0) return end;
    const wave = resample({ samples: joinSamples(kept), sampleRate }, features.sampleRate);
    const short = durationSeconds(wave) <= wholeClipSeconds;
    return {
      ...end,
      wave,
      picture: spectrogram(wave),
      ...(short && { whole: await recognizer.recognize(wave, known) }),
    };
  }

  return {
    seconds: audio.seconds,
    async hear() {
      const began = performance.now();
      const predictions: Prediction[] = [];
      const slice = () => ({
        predictions,
        peaks: peaks.take(),
        seconds: total / sampleRate,
        progress: audio.progress,
      });
      while (performance.now() - began < sliceMs) {
        const { value: samples } = await chunks.next();
        if (!samples) {
          predictions.push(...(await stream.finish()));
          peaks.finish();
          return { ...slice(), end: await finish() };
        }
        take(samples);
        predictions.push(...(await stream.push(samples)));
      }
      return slice();
    },
    close: () => audio.close(),
  };
}

/** Returns the model's own hop, finer for what is short; windows side by side for what lasts more than ten minutes, which halves the work. */
function hopFor(
  seconds: number | undefined,
  { hopSeconds, windowSeconds }: ArtifactManifest["timeline"],
): number {
  if (seconds === undefined) return hopSeconds;
  if (seconds > 600) return Math.max(hopSeconds, windowSeconds);
  return Math.min(hopSeconds, Math.max(0.25, seconds / 150));
}

/** Gives pieces cut into chunks of at most so many samples. */
async function* inChunks(
  pieces: AsyncIterable<Float32Array>,
  samples: number,
): AsyncGenerator<Float32Array, undefined> {
  for await (const piece of pieces)
    for (let at = 0; at < piece.length; at += samples) yield piece.subarray(at, at + samples);
}
