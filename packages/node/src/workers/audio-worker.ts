/** The thread that reads, decodes, resamples and (when asked) extracts features; one job at a time. */
import { createHash } from "node:crypto";
import { type DecodeLimits, decodeBytes, resample, type Waveform } from "@undertone/core/audio";
import { UndertoneError } from "@undertone/core/errors";
import { openFileSource } from "../io/file-source.js";
import { openCodec } from "../io/open-codec.js";
import type { AudioAnswer, AudioJob, FileAnswer, FileJob } from "./audio-job.js";
import { answerJobs } from "./node-thread.js";

// The decoders print what they stumble over; here every trouble is an error with a code instead.
console.error = () => undefined;
console.warn = () => undefined;

answerJobs(run, (answer) => {
  if (answer === null) return undefined;
  if ("samples" in answer) return answer.samples;
  if ("piece" in answer) return answer.piece ?? undefined;
  return "data" in answer ? answer.data : undefined;
});

async function run(job: AudioJob): Promise<AudioAnswer> {
  if (!("step" in job)) return work(job);
  const { closeStream, nextPiece, openStream } = await import("./audio-stream-steps.js");
  if (job.step === "open") return openStream(job, openCodec);
  return job.step === "next" ? nextPiece() : closeStream();
}

async function work(job: FileJob): Promise<FileAnswer> {
  const { file, limits, start, end } = job;
  const bytes = typeof file === "string" ? await readLimited(file, limits) : file;
  const name = typeof file === "string" ? `'${file}'` : "The audio";
  const options = { limits, name, start, end, openCodec };
  const { wave, totalFrames: _, ...seen } = await decodeBytes(bytes, options);
  if (job.featureSetId !== undefined) {
    // Most threads only decode: they start in half the time without the features' code.
    const { extractFeatures } = await import("./extract-features.js");
    return extractFeatures(wave, job.featureSetId, { ...job, readRecording });
  }
  const { samples } = wave;
  const contentHash = createHash("sha256")
    .update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
    .digest("hex");
  const resampled = job.sampleRate === undefined ? wave : resample(wave, job.sampleRate);
  return { ...resampled, ...seen, sourceSampleRate: wave.sampleRate, contentHash };
}

async function readRecording(path: string, limits: DecodeLimits): Promise<Waveform> {
  const bytes = await readLimited(path, limits);
  return (await decodeBytes(bytes, { limits, name: `'${path}'`, openCodec })).wave;
}

/** Reads a whole file unless it is too large. */
async function readLimited(path: string, limits: DecodeLimits): Promise<Uint8Array> {
  const file = await openFileSource(path);
  try {
    if (file.size > limits.maxBytes) {
      throw new UndertoneError(
        "audio/too-large",
        `'${path}' has ${file.size} bytes, more than the limit of ${limits.maxBytes} (maxBytes).`,
      );
    }
    return await file.read(0, file.size);
  } finally {
    await file.close();
  }
}
