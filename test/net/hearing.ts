/** What the frozen artifacts hear: the part of the net that knows the recognizer, for the tests and for `scripts/record-net.ts`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  newSpeaker,
  nodeEncoderResources,
  openRecognizer,
  type Prediction,
  type Recognizer,
  type SpeakerProfile,
  type Waveform,
} from "undertone";
import { decodeFlac } from "../golden/signals.js";
import { folder } from "./golden.js";

/** The artifacts that stay readable for ever, as they were written. */
export const frozen = ["ravdess-format-1", "ravdess-best-format-1"] as const;

export type Frozen = (typeof frozen)[number];

/** The rate in Hz of all recordings of the net. */
export const sampleRate = 16000;

/** Returns the path of a frozen artifact. */
export function frozenPath(name: Frozen): string {
  return join(folder, "artifacts", `${name}.onnx`);
}

/** Calls `use` with a recognizer of a frozen artifact, and closes it. */
export async function withFrozen<T>(name: Frozen, use: (recognizer: Recognizer) => Promise<T>): Promise<T> {
  const recognizer = await openRecognizer(readFileSync(frozenPath(name)), nodeEncoderResources());
  try {
    return await use(recognizer);
  } finally {
    await recognizer.close();
  }
}

/** Returns the recording in a 16 kHz FLAC file of 16 bits. */
export async function readWave(path: string): Promise<Waveform> {
  return { samples: await decodeFlac(path), sampleRate };
}

/** Returns all that a prediction says, its scores in the order of the classes; a timeline's windows have a place, too. */
function said({ scores, dimensions, speaker: _, ...rest }: Prediction, classes: readonly string[]): object {
  const found = Object.keys(scores);
  if (found.length > 0 && found.join() !== classes.join())
    throw new Error(`The scores are of ${found.join()}, expected ${classes.join()}`);
  if (dimensions) throw new Error("The artifacts of the net give no values");
  const { label, confidence, reason, set, outOfDistribution, start, end } = rest;
  return { start, end, label, confidence, reason, scores: Object.values(scores), set, outOfDistribution };
}

/** What an artifact says of recordings. */
export interface HeardClips {
  readonly classes: readonly string[];
  /** Path -> prediction. */
  readonly clips: Readonly<Record<string, object>>;
}

/** Returns what a frozen artifact says of each of these recordings below a folder. */
export function heardClips(name: Frozen, below: string, paths: readonly string[]): Promise<HeardClips> {
  return withFrozen(name, async (recognizer) => {
    const { classes } = recognizer.manifest;
    const clips: Record<string, object> = {};
    for (const path of paths)
      clips[path] = said(await recognizer.recognize(await readWave(join(below, path))), classes);
    return { classes, clips };
  });
}

/** Recordings one after another, with silence between. */
export interface Joined {
  readonly clips: readonly string[];
  readonly silenceSeconds: number;
  /** Samples of each push, in turn. */
  readonly pieces: readonly number[];
}

/** Returns what a frozen artifact's stream says of joined recordings, pushed in pieces. */
export function heardStream(name: Frozen, below: string, joined: Joined): Promise<readonly object[]> {
  return withFrozen(name, async (recognizer) => {
    const { classes } = recognizer.manifest;
    const silence = new Float32Array(joined.silenceSeconds * sampleRate);
    const parts: Float32Array[] = [];
    for (const clip of joined.clips) parts.push((await readWave(join(below, clip))).samples, silence);
    const samples = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let end = 0;
    for (const part of parts) {
      samples.set(part, end);
      end += part.length;
    }
    const stream = recognizer.openStream({ sampleRate });
    const windows: Prediction[] = [];
    for (let at = 0, i = 0; at < samples.length; i++) {
      const piece = joined.pieces[i % joined.pieces.length];
      windows.push(...(await stream.push(samples.subarray(at, at + piece))));
      at += piece;
    }
    windows.push(...(await stream.finish()));
    return windows.map((window) => said(window, classes));
  });
}

/** What is heard of one speaker, recording by recording, and the profile at the end. */
export interface HeardSpeaker {
  readonly predictions: readonly object[];
  readonly profile: SpeakerProfile;
}

/** Returns what a frozen artifact hears in a speaker's recordings, each with the profile from those before. */
export function heardSpeaker(name: Frozen, below: string, paths: readonly string[]): Promise<HeardSpeaker> {
  return withFrozen(name, async (recognizer) => {
    const { classes } = recognizer.manifest;
    let profile = newSpeaker(recognizer.manifest);
    const predictions: object[] = [];
    for (const path of paths) {
      const prediction = await recognizer.recognize(await readWave(join(below, path)), { speaker: profile });
      profile = prediction.speaker!;
      predictions.push(said(prediction, classes));
    }
    return { predictions, profile };
  });
}
