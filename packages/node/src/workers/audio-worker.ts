/** The thread that reads, decodes, resamples and (when asked) extracts features; one job at a time. */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import {
  augment,
  type Codec,
  type CodecName,
  changeSpeed,
  type DecodeLimits,
  decodeBytes,
  type OpenFeatureSet,
  openFeatureSet,
  random,
  resample,
  UndertoneError,
  type Waveform,
} from "@undertone/core";
import { nodeEncoderResources } from "../encoders/encoder-resources.js";
import { fileError } from "../io/file-error.js";
import type { AudioAnswer, AudioJob, AugmentJob } from "./audio-job.js";
import { answerJobs } from "./node-thread.js";

// The decoders print what they stumble over; here every trouble is an error with a code instead.
console.error = () => undefined;
console.warn = () => undefined;

answerJobs(run, (answer) => ("samples" in answer ? answer.samples : answer.data));

async function run(job: AudioJob): Promise<AudioAnswer> {
  const { file, limits, start, end } = job;
  const bytes = typeof file === "string" ? await readLimited(file, limits) : file;
  const name = typeof file === "string" ? `'${file}'` : "The audio";
  const decoded = await decodeBytes(bytes, { limits, name, start, end, openCodec });
  const { wave, container, sourceChannels, identicalChannels, peak, clippedSamples } = decoded;
  if (job.featureSetId !== undefined) {
    const set = await openedSet(job.featureSetId);
    const plain = resample(wave, set.sampleRate);
    const copy = job.augment ? await augmented(plain, job.augment, limits) : plain;
    const { data, rows, cols } = await set.extract(changeSpeed(copy, job.speed ?? 1));
    // A view into a larger buffer would hand all of it over.
    return { data: data.byteLength === data.buffer.byteLength ? data : data.slice(), rows, cols };
  }
  const { samples } = wave;
  const contentHash = createHash("sha256")
    .update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
    .digest("hex");
  const resampled = job.sampleRate === undefined ? wave : resample(wave, job.sampleRate);
  return {
    samples: resampled.samples,
    sampleRate: resampled.sampleRate,
    container,
    sourceSampleRate: wave.sampleRate,
    sourceChannels,
    identicalChannels,
    peak,
    clippedSamples,
    contentHash,
  };
}

const recordings = new Map<string, Waveform>();

/** Returns the audio after the steps of the job; the recordings that they name are read once for the life of the thread. */
async function augmented(
  wave: Waveform,
  { steps, seed }: AugmentJob,
  limits: DecodeLimits,
): Promise<Waveform> {
  for (const { recording } of steps) {
    if (typeof recording !== "string" || recordings.has(recording)) continue;
    const bytes = await readLimited(recording, limits);
    const decoded = await decodeBytes(bytes, { limits, name: `'${recording}'`, openCodec });
    recordings.set(recording, resample(decoded.wave, wave.sampleRate));
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

async function openCodec(name: CodecName): Promise<Codec> {
  const { default: decode } = await import("audio-decode");
  return decode[name]();
}

/** Reads a whole file unless it is too large, or none: devices and pipes might never end. */
async function readLimited(path: string, limits: DecodeLimits): Promise<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      const info = await file.stat();
      if (info.isDirectory())
        throw new UndertoneError("file/unreadable", `'${path}' is a folder, expected an audio file.`);
      if (!info.isFile())
        throw new UndertoneError("file/unreadable", `'${path}' is a device or pipe, expected an audio file.`);
      if (info.size > limits.maxBytes) {
        throw new UndertoneError(
          "audio/too-large",
          `'${path}' has ${info.size} bytes, more than the limit of ${limits.maxBytes} (maxBytes).`,
        );
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, path);
  }
}
