/** Features of a decoded recording, augmented and played at another speed when asked: what a decoding thread does only for some jobs. */
import { augment, changeSpeed, type DecodeLimits, resample, type Waveform } from "@undertone/core/audio";
import { type OpenFeatureSet, openFeatureSet } from "@undertone/core/features";
import { type Matrix, random } from "@undertone/core/math";
import { nodeEncoderResources } from "../encoders/encoder-resources.js";
import type { AugmentJob, FileJob } from "./audio-job.js";

/** The parts of a job that features depend on, and how to read the recordings that its steps name. */
interface Extraction extends Pick<FileJob, "speed" | "augment" | "limits"> {
  readonly readRecording: (path: string, limits: DecodeLimits) => Promise<Waveform>;
}

/** Returns the features of a waveform in a buffer of their own, which may be transferred. @throws UndertoneError as `openFeatureSet` and the set. */
export async function extractFeatures(
  wave: Waveform,
  featureSetId: string,
  job: Extraction,
): Promise<Pick<Matrix, "data" | "rows" | "cols">> {
  const set = await openedSet(featureSetId);
  const plain = resample(wave, set.sampleRate);
  const copy = job.augment ? await augmented(plain, job.augment, job) : plain;
  const { data, rows, cols } = await set.extract(changeSpeed(copy, job.speed ?? 1));
  // A view into a larger buffer would hand all of it over.
  return { data: data.byteLength === data.buffer.byteLength ? data : data.slice(), rows, cols };
}

const recordings = new Map<string, Waveform>();

/** Returns the audio after the steps of the job; the recordings that they name are read once for the life of the thread. */
async function augmented(
  wave: Waveform,
  { steps, seed }: AugmentJob,
  { limits, readRecording }: Extraction,
): Promise<Waveform> {
  const names = steps.flatMap(({ recording = "", recordings: several = "" }) =>
    [recording, ...`${several}`.split("\n")].filter((name) => name !== ""),
  );
  for (const name of names as string[]) {
    if (recordings.has(name)) continue;
    recordings.set(name, resample(await readRecording(name, limits), wave.sampleRate));
  }
  return augment(wave, steps, { random: random(seed), recording: (name) => recordings.get(name)! });
}

const openSets = new Map<string, Promise<OpenFeatureSet>>();

/** Opens each set once for the life of the thread; one that did not open is tried again. */
function openedSet(id: string): Promise<OpenFeatureSet> {
  const known = openSets.get(id);
  if (known) return known;
  const opening = openFeatureSet(id, nodeEncoderResources());
  openSets.set(id, opening);
  opening.catch(() => openSets.delete(id));
  return opening;
}
