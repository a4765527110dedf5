/** What a recognizer hears in a recording of any length: one prediction of a short one, window by window of any. */

import {
  type Adapted,
  adaptToCollection,
  type CollectionProfile,
  type Prediction,
  type Recognizer,
  type SpeakerProfile,
  summarizeRecording,
  type TimelineSummary,
  wholeClipSeconds,
} from "@undertone/core/artifact";
import { type AudioStream, joinSamples, soundingMeter, type Waveform } from "@undertone/core/audio";
import { stopIfAborted } from "@undertone/core/errors";
import type { AudioPool } from "../workers/audio-pool.js";

/** A recording whose beginning is decoded, and the rest as it is asked for. */
export interface Recording
  extends Pick<AudioStream, "sampleRate" | "remarks" | "progress" | "pieces" | "close"> {
  /** All of it where it lasts `wholeClipSeconds` at most; undefined for a longer one. */
  readonly whole: Waveform | undefined;
}

/** Resolves to a recording, given as a path or as its bytes. @throws UndertoneError `file/*`, `audio/*`, `cancelled`. */
export async function openRecording(
  source: string | Uint8Array,
  { pool, signal }: { readonly pool: AudioPool; readonly signal: AbortSignal },
): Promise<Recording> {
  const stream = await pool.stream(source, { signal });
  try {
    const { sampleRate } = stream;
    const rest = stream.pieces();
    const held: Float32Array[] = [];
    let count = 0;
    let ended = false;
    while (!ended && count <= wholeClipSeconds * sampleRate) {
      const next = await rest.next();
      if (next.done) ended = true;
      else {
        held.push(next.value);
        count += next.value.length;
      }
    }
    return {
      whole: ended ? { samples: joinSamples(held), sampleRate } : undefined,
      sampleRate,
      remarks: stream.remarks,
      get progress() {
        return stream.progress;
      },
      async *pieces() {
        for (let piece = held.shift(); piece; piece = held.shift()) yield piece;
        yield* rest;
      },
      close: () => stream.close(),
    };
  } catch (error) {
    await stream.close();
    throw error;
  }
}

/** Options of `hearRecording`. */
export interface HearOptions {
  readonly recognizer: Recognizer;
  /** What is known of the speaker; only recordings that are judged whole add to it. */
  readonly speaker?: SpeakerProfile | undefined;
  /**
   * What is known of the collection. A long recording is one of its own, of its windows: those that are told are said with those before them known, the
   * summary with all of them.
   */
  readonly collection?: CollectionProfile | undefined;
  /** Whether the windows are asked for too, as close together as the model says. Default false. */
  readonly windows?: boolean;
  readonly signal: AbortSignal;
  /** Told of a long recording's windows as they are heard. */
  readonly onWindows?: (windows: readonly Prediction[]) => void;
}

/** The prediction of a short recording, what the windows of a long one say together, and the windows where they were asked for. */
export type Heard = { readonly seconds: number; readonly timeline?: readonly Prediction[] } & (
  | { readonly prediction: Prediction }
  | { readonly summary: TimelineSummary; readonly adapted?: Adapted }
);

/**
 * Resolves to what is heard in a recording, of which a piece is held at a time. Windows are those of `recognizer.timeline`; where they are not asked for, those that a
 * long recording is summed up by do not overlap.
 * @throws UndertoneError `audio/*`, `file/*`, `cancelled`.
 */
export async function hearRecording(
  recording: Recording,
  { recognizer, speaker, collection, windows = false, signal, onWindows }: HearOptions,
): Promise<Heard> {
  const { whole, sampleRate } = recording;
  if (whole) {
    const known = { speaker, collection };
    const timeline = windows ? { timeline: await recognizer.timeline(whole, { ...known, signal }) } : {};
    const prediction = await recognizer.recognize(whole, known);
    return { seconds: prediction.end, prediction, ...timeline };
  }
  const { windowSeconds, hopSeconds: close } = recognizer.manifest.timeline;
  const hopSeconds = windows ? close : windowSeconds;
  const asHeard = collection && "windows";
  const stream = recognizer.openStream({ sampleRate, speaker, collection: asHeard, hopSeconds, signal });
  const meter = soundingMeter(sampleRate);
  const heardWindows: Prediction[] = [];
  const take = (heard: readonly Prediction[]): void => {
    heardWindows.push(...heard);
    onWindows?.(heard);
  };
  for await (const piece of recording.pieces()) {
    stopIfAborted(signal);
    meter.add(piece);
    take(await stream.push(piece));
  }
  take(await stream.finish());
  const timeline = collection
    ? adaptToCollection([{ timeline: heardWindows }], recognizer.manifest).recordings[0].timeline
    : heardWindows;
  const summary = summarizeRecording(timeline, meter.finish());
  const adapted = timeline.find((window) => window.adapted)?.adapted;
  return {
    seconds: timeline.at(-1)?.end ?? 0,
    summary,
    ...(adapted && { adapted }),
    ...(windows && { timeline }),
  };
}
