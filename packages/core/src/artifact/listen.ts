/** Hearing of audio as it comes: windows of it become rows of features, and what windows have in common is computed once. */
import { resampleStream } from "../audio/resample-stream.js";
import type { Waveform } from "../audio/waveform.js";
import { checkWaveform } from "../features/check-waveform.js";
import type { OpenFeatureSet } from "../features/encoder-set.js";
import { sampleQueue } from "../features/feature-stream.js";
import { openSpeechGate } from "../features/speech-activity.js";
import { type FrameWindow, type SpeechFrames, speechFrames } from "../features/speech-frames.js";
import { seedFraming } from "../features/speech-level.js";
import { type Hearing, type HearingFacts, hear, passesGate, playingSpeeds, reasonOf } from "./hear.js";
import type { TimelineWindow } from "./timeline-windows.js";

const { sampleRate: frameRate, hopSamples } = seedFraming;

/** What hears windows of a stream; they begin no earlier than the one before. Calls must not overlap. */
export interface WindowListener<Heard> {
  /** Takes samples at the stream's rate. */
  push(samples: Float32Array): void;
  /** No samples will come any more. */
  finish(): void;
  /** Returns what is heard in a window that ends where the samples do that were pushed. */
  hear(window: TimelineWindow): Promise<Heard>;
  /** Lets go of what no window needs that begins at `start` seconds or later. */
  release(start: number): void;
}

/** Returns the listener of a model: by frames that windows share where its features are made of such, else by the samples of each window. */
export function openListener(
  sampleRate: number,
  { set, facts }: { readonly set: OpenFeatureSet; readonly facts: HearingFacts },
): WindowListener<Hearing> {
  const { openWindows } = set;
  return openWindows && set.sampleRate === frameRate
    ? frameListener(sampleRate, { openWindows, facts })
    : sampleListener(sampleRate, (wave, start) => hear(wave, { set, facts, start }));
}

/** Returns a listener that hears the samples of each window anew. */
export function sampleListener<Heard>(
  sampleRate: number,
  hearWave: (wave: Waveform, start: number) => Promise<Heard>,
): WindowListener<Heard> {
  const queue = sampleQueue("the stream");
  /** Number of the queue's first sample in the stream. */
  let origin = 0;
  return {
    push: (samples) => queue.push(samples),
    finish() {},
    hear({ start, end }) {
      const [from, to] = [start, end].map((seconds) => Math.round(seconds * sampleRate) - origin);
      return hearWave({ samples: queue.samples.slice(from, to), sampleRate }, start);
    },
    release(start) {
      const before = Math.min(Math.floor(start * sampleRate) - origin, queue.samples.length);
      if (before <= 0) return;
      queue.drop(before);
      origin += before;
    },
  };
}

/** Returns a listener whose windows are made of frames of the audio at each playing speed; a window's begin lies on the nearest frame. */
function frameListener(
  sampleRate: number,
  {
    openWindows,
    facts,
  }: { readonly openWindows: NonNullable<OpenFeatureSet["openWindows"]>; readonly facts: HearingFacts },
): WindowListener<Hearing> {
  const toFrameRate = resampleStream(sampleRate, frameRate);
  const gated = speechFrames();
  const gate = openSpeechGate(gated);
  const played = playingSpeeds(facts).map((speed) => {
    const frames = speed === 1 ? gated : speechFrames();
    const stream = speed === 1 ? undefined : resampleStream(Math.round(frameRate * speed), frameRate);
    return { speed, frames, stream, windows: openWindows(frames) };
  });
  const firstOf = (start: number, speed: number): number =>
    Math.round((start * frameRate) / (speed * hopSamples));
  const windowOf = (frames: SpeechFrames, first: number): FrameWindow => ({
    first,
    count: Math.max(0, frames.end - first),
  });

  function take(samples: Float32Array): void {
    if (samples.length === 0) return;
    checkWaveform(
      { samples, sampleRate: frameRate },
      { asker: "the stream", sampleRate: frameRate, minSamples: 1 },
    );
    gated.push(samples);
    for (const { stream, frames } of played) if (stream) frames.push(stream.push(samples));
  }

  return {
    push: (samples) => take(toFrameRate.push(samples)),
    finish() {
      take(toFrameRate.finish());
      for (const { stream, frames } of played) if (stream) frames.push(stream.finish());
    },
    async hear({ start, end }) {
      const { speech } = facts;
      if (end - start < speech.minSeconds) return { start, end, reason: "too-short" };
      if (!passesGate(gate(windowOf(gated, firstOf(start, 1))), speech))
        return { start, end, reason: "no-speech" };
      try {
        const rows: Float32Array[] = [];
        for (const { speed, frames, windows } of played)
          rows.push((await windows.row(windowOf(frames, firstOf(start, speed)))).data);
        return { start, end, rows };
      } catch (error) {
        return { start, end, reason: reasonOf(error) };
      }
    },
    release(start) {
      gated.release(firstOf(start, 1));
      for (const { speed, frames } of played) frames.release(firstOf(start, speed));
    },
  };
}
