/** The frames of 16 kHz speech, of a recording or of audio as it comes: what gate, level and feature sets have in common, computed once. */
import { type PitchTrack, pitchTrack } from "../dsp/pitch-track.js";
import { UndertoneError } from "../errors.js";
import { rowQueue } from "./row-queue.js";
import {
  type Activity,
  activityOf,
  type FramePowers,
  fillFramePowers,
  frameCountOf,
  seedFraming,
} from "./speech-level.js";

const { sampleRate, frameSamples, hopSamples } = seedFraming;
/** Samples that the pitch of a frame takes beyond either end of it. */
const pitchReach = 123;
/** Frames before a window that are held, for those whose values depend on what was before. */
const contextFrames = 32;

/** Frames `first` to `first` + `count` − 1, numbered from the first of the audio. */
export interface FrameWindow {
  readonly first: number;
  readonly count: number;
}

/** @throws UndertoneError `audio/too-short` where there is no frame. */
export function expectFrames({ count }: FrameWindow, asker: string): void {
  if (count > 0) return;
  throw new UndertoneError(
    "audio/too-short",
    `Audio too short for ${asker}: got no whole frame, expected at least ${frameSamples} samples`,
  );
}

/** Frames of 32 ms every 10 ms. What is asked of a frame is computed when it is first asked for, and held as long as the frame is. */
export interface SpeechFrames {
  /** Number of whole frames that have come. */
  readonly end: number;
  /** Takes samples at 16 kHz, finite ones. */
  push(samples: Float32Array): void;
  powers(window: FrameWindow): FramePowers;
  /** Returns which frames of a window are active in it. @throws UndertoneError `audio/silent` */
  activity(window: FrameWindow, asker: string): Activity;
  /** Returns F0 (65 to 615 Hz), aperiodicity and harmonicity of the frames that are not 0 in `wanted`; others have some value or 0, 1 and 0. */
  pitch(window: FrameWindow, wanted: Uint8Array): PitchTrack;
  /** Returns the samples of a window's frames, from the first one's first to the last one's last. */
  samples(window: FrameWindow): Float32Array;
  /** Number of the first frame that is held. */
  readonly begin: number;
  /** Lets go of what no window needs that begins at frame `first` or later. */
  release(first: number): void;
}

/** Returns frames without any samples yet, or those of a recording. */
export function speechFrames(recording?: Float32Array): SpeechFrames {
  const samples = rowQueue(1, (length) => new Float32Array(length));
  const values = () => rowQueue(1, (length) => new Float64Array(length));
  const [meanSquares, variances] = [values(), values()];
  const [f0s, aperiodicities, harmonicities] = [values(), values(), values()];
  /** 1 where a frame's pitch is known. */
  const known = rowQueue(1, (length) => new Uint8Array(length));
  const perFrame = [meanSquares, variances, f0s, aperiodicities, harmonicities, known];
  let held: { window: FrameWindow; activity: Activity } | undefined;

  const of = <Numbers>(
    queue: { view(from: number, to: number): Numbers },
    { first, count }: FrameWindow,
  ): Numbers => queue.view(first, first + count);

  /** Tracks the frames from `first` on that are wanted and not known yet. */
  function track(first: number, wanted: Uint8Array): void {
    const before = Math.min(1, first - known.begin);
    const from = (first - before) * hopSamples;
    const only = new Uint8Array(before + wanted.length);
    only.set(wanted, before);
    const to = Math.min(samples.end, (first + wanted.length - 1) * hopSamples + frameSamples + pitchReach);
    const found = pitchTrack(samples.view(from, to), {
      sampleRate,
      frameSamples,
      hopSamples,
      windowSamples: 512,
      minLagSamples: 26,
      maxLagSamples: 246,
      only,
    });
    const window = { first, count: wanted.length };
    const [f0, aperiodicity, harmonicity, done] = [
      of(f0s, window),
      of(aperiodicities, window),
      of(harmonicities, window),
      of(known, window),
    ];
    for (let t = 0; t < wanted.length; t++) {
      if (wanted[t] === 0) continue;
      f0[t] = found.f0Hz[before + t];
      aperiodicity[t] = found.aperiodicity[before + t];
      harmonicity[t] = found.harmonicity[before + t];
      done[t] = 1;
    }
  }

  const frames: SpeechFrames = {
    get begin() {
      return known.begin;
    },
    get end() {
      return known.end;
    },
    push(added) {
      samples.append(added.length).set(added);
      const first = known.end;
      // The last frame's pitch was found without the samples that follow it.
      if (first > known.begin) known.view(first - 1, first)[0] = 0;
      const count = frameCountOf(samples.end) - first;
      if (count <= 0) return;
      for (const queue of perFrame) queue.append(count);
      of(aperiodicities, { first, count }).fill(1);
      fillFramePowers(
        { meanSquare: of(meanSquares, { first, count }), variance: of(variances, { first, count }) },
        samples.view(first * hopSamples, samples.end),
      );
    },
    powers: (window) => ({ meanSquare: of(meanSquares, window), variance: of(variances, window) }),
    activity(window, asker) {
      if (held?.window.first === window.first && held.window.count === window.count) return held.activity;
      const activity = activityOf(frames.powers(window), asker);
      held = { window, activity };
      return activity;
    },
    pitch(window, wanted) {
      const done = of(known, window);
      const missing = wanted.map((want, t) => (want === 1 && done[t] === 0 ? 1 : 0));
      const from = missing.indexOf(1);
      if (from >= 0) track(window.first + from, missing.subarray(from, missing.lastIndexOf(1) + 1));
      return {
        f0Hz: of(f0s, window),
        aperiodicity: of(aperiodicities, window),
        harmonicity: of(harmonicities, window),
      };
    },
    samples: ({ first, count }) =>
      samples.view(first * hopSamples, (first + count - 1) * hopSamples + frameSamples),
    release(first) {
      for (const queue of perFrame) queue.drop(first - contextFrames);
      samples.drop(known.begin * hopSamples);
    },
  };
  if (recording) frames.push(recording);
  return frames;
}
