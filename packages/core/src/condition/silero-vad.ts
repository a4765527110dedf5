/** Voice activity by the Silero network: speech or not, every 32 ms. */
import { resample } from "../audio/resample.js";
import type { Waveform } from "../audio/waveform.js";
import { type EncoderFile, type EncoderFiles, readEncoderFile } from "../onnx/encoder-file.js";

/** Silero VAD, sixth version (Silero Team 2025, github.com/snakers4/silero-vad, MIT), from the package that carries it. */
export const sileroVadFile: EncoderFile = {
  package: "@ricky0123/vad-web",
  version: "0.0.31",
  path: "dist/silero_vad_v6.onnx",
  bytes: 2327524,
  sha256: "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
  licence: "MIT",
  source: "https://github.com/snakers4/silero-vad, version 6",
};

const sampleRate = 16000;
/** Samples that one step takes, and those of the step before that it sees again. */
const stepSamples = 512;
const contextSamples = 64;
const stateDims = [2, 1, 128] as const;

/** Seconds from one probability to the next one. */
export const voiceActivityStepSeconds = stepSamples / sampleRate;

/** An opened network; close it when done. */
export interface VoiceActivityDetector {
  /** Returns the probability of speech, 0..1, of each 32 ms of the waveform, the last one padded with zeros; any sample rate. */
  probabilities(wave: Waveform): Promise<Float32Array>;
  close(): Promise<void>;
}

/** @throws UndertoneError `features/encoder-missing`, `features/encoder-mismatch`, `runtime/unavailable`. */
export async function openSileroVad(resources: EncoderFiles): Promise<VoiceActivityDetector> {
  const session = await resources.runtime.load(await readEncoderFile(sileroVadFile, resources));
  const sr = { dims: [], data: BigInt64Array.of(BigInt(sampleRate)) };
  return {
    async probabilities(wave) {
      const { samples } = resample(wave, sampleRate);
      const result = new Float32Array(Math.ceil(samples.length / stepSamples));
      let state = { dims: stateDims as readonly number[], data: new Float32Array(2 * 128) };
      const input = new Float32Array(contextSamples + stepSamples);
      for (let t = 0; t < result.length; t++) {
        input.copyWithin(0, stepSamples);
        input.fill(0, contextSamples);
        input.set(samples.subarray(t * stepSamples, (t + 1) * stepSamples), contextSamples);
        const out = await session.run({
          input: { dims: [1, input.length], data: input.slice() },
          state,
          sr,
        });
        result[t] = out.output!.data[0] as number;
        state = { dims: stateDims, data: out.stateN!.data as Float32Array<ArrayBuffer> };
      }
      return result;
    },
    close: () => session.close(),
  };
}

/** How probabilities become segments; the defaults are those that Silero documents. */
export interface SpeechSegmentOptions {
  /** A segment begins at this probability. Default 0.5. */
  readonly threshold?: number;
  /** It ends below this one. Default 0.15 less. */
  readonly endThreshold?: number;
  /** Shorter segments are dropped, default 0.25 s; shorter pauses are bridged, default 0.1 s. */
  readonly minSpeechSeconds?: number;
  readonly minPauseSeconds?: number;
  /** Added on both sides, default 0.03 s. */
  readonly padSeconds?: number;
}

/** A stretch of speech in seconds. */
export interface SpeechSegment {
  readonly start: number;
  readonly end: number;
}

/** Returns the stretches of speech in order; they neither touch nor reach beyond the probabilities. */
export function speechSegments(
  probabilities: ArrayLike<number>,
  {
    threshold = 0.5,
    endThreshold = threshold - 0.15,
    minSpeechSeconds = 0.25,
    minPauseSeconds = 0.1,
    padSeconds = 0.03,
  }: SpeechSegmentOptions = {},
): SpeechSegment[] {
  const step = voiceActivityStepSeconds;
  const found: { start: number; end: number }[] = [];
  let start = -1;
  for (let t = 0; t <= probabilities.length; t++) {
    const value = t < probabilities.length ? probabilities[t] : 0;
    if (start < 0 && value >= threshold) start = t;
    if (start < 0 || (value >= endThreshold && t < probabilities.length)) continue;
    const last = found.at(-1);
    if (last && start * step - last.end < minPauseSeconds) last.end = t * step;
    else found.push({ start: start * step, end: t * step });
    start = -1;
  }
  const total = probabilities.length * step;
  const padded: { start: number; end: number }[] = [];
  for (const { start, end } of found) {
    if (end - start < minSpeechSeconds) continue;
    const from = Math.max(0, start - padSeconds);
    const last = padded.at(-1);
    if (last && from <= last.end) last.end = Math.min(total, end + padSeconds);
    else padded.push({ start: from, end: Math.min(total, end + padSeconds) });
  }
  return padded;
}
