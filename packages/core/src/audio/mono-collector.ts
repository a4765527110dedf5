/** Gathers decoded blocks into one mono waveform, so that no more than that is ever held in memory. */
import { UndertoneError } from "../errors.js";
import type { DecodeLimits } from "./decode-limits.js";
import { joinSamples } from "./join-arrays.js";
import { mixedCopy } from "./mix-to-mono.js";
import type { Waveform } from "./waveform.js";

/** The lowest and highest sample rate in Hz, and the most channels, that are taken for audio. */
export const lowestSampleRate = 8000;
export const highestSampleRate = 384_000;
export const mostChannels = 256;

/** A stretch of a recording, in seconds from its beginning. */
export interface Span {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** Decoded audio with what its channels looked like before they were mixed. */
export interface CollectedAudio {
  readonly wave: Waveform;
  readonly sourceChannels: number;
  /** Whether there are several channels and all are equal, sample by sample. */
  readonly identicalChannels: boolean;
  /** Largest magnitude of any channel. */
  readonly peak: number;
  /** Sample times at which some channel is at or beyond full scale. */
  readonly clippedSamples: number;
  /** Samples per channel that were seen, outside the span too. */
  readonly totalFrames: number;
}

/** Takes blocks of samples, then gives the whole; `add` reads its argument before it returns. */
export interface MonoCollector {
  /** @throws UndertoneError `audio/too-long`, `audio/too-large`, `audio/not-finite`, `audio/bad-channel-count`. */
  add(channels: readonly Float32Array[]): void;
  /** @throws UndertoneError `audio/too-short` when the span lies outside the audio. */
  finish(): CollectedAudio;
}

/** Throws `audio/bad-sample-rate` or `audio/bad-channel-count` for what no recording has. */
export function checkFormat(name: string, sampleRate: number, channels: number): void {
  if (!(sampleRate >= lowestSampleRate && sampleRate <= highestSampleRate)) {
    throw new UndertoneError(
      "audio/bad-sample-rate",
      `${name} has a sample rate of ${sampleRate} Hz, expected ${lowestSampleRate} to ${highestSampleRate} Hz.`,
    );
  }
  if (!(channels >= 1 && channels <= mostChannels)) {
    throw new UndertoneError(
      "audio/bad-channel-count",
      `${name} has ${channels} channels, expected 1 to ${mostChannels}.`,
    );
  }
}

/** How much audio there is: samples of each channel; without a rate their time counts as none. */
export interface AudioLength {
  readonly frames: number;
  readonly sampleRate?: number;
  readonly channels?: number;
}

/** Throws `audio/too-long` or `audio/too-large` when so many samples per channel are more than the limits allow. */
export function checkLength(
  name: string,
  { frames, sampleRate = Number.POSITIVE_INFINITY, channels = 1 }: AudioLength,
  limits: Pick<DecodeLimits, "maxSeconds" | "maxSamples">,
): void {
  if (frames > limits.maxSeconds * sampleRate) {
    throw new UndertoneError(
      "audio/too-long",
      `${name} is longer than the limit of ${limits.maxSeconds} seconds (maxSeconds); cut it into utterances.`,
      { details: { maxSeconds: limits.maxSeconds } },
    );
  }
  if (frames * channels > limits.maxSamples) {
    throw new UndertoneError(
      "audio/too-large",
      `${name} has more samples in its ${channels} channels than the limit of ${limits.maxSamples} (maxSamples).`,
      { details: { maxSamples: limits.maxSamples } },
    );
  }
}

/** What a collector gathers: audio of one sample rate, within limits, of a span. */
export interface CollectorOptions extends Span {
  readonly sampleRate: number;
  /** The magnitude that counts as clipped. */
  readonly clipLevel: number;
  readonly limits: DecodeLimits;
}

/** Returns a collector for the audio that messages call `name`. */
export function monoCollector(
  name: string,
  { sampleRate, clipLevel, limits, start, end }: CollectorOptions,
): MonoCollector {
  const { inside, checkReached } = spanFrames(name, sampleRate, { start, end });
  const blocks: Float32Array[] = [];
  let sourceChannels = 0;
  let differ = false;
  let peak = 0;
  let clipped = 0;
  let total = 0;
  let samplesSeen = 0;

  const inspect = (channels: readonly Float32Array[], offset: number): void => {
    const [reference] = channels as [Float32Array];
    for (const channel of channels) {
      let sum = 0;
      for (let i = 0; i < channel.length; i++) {
        const value = channel[i];
        const size = value < 0 ? -value : value;
        if (size > peak) peak = size;
        sum += value - value; // 0 for a finite number, NaN otherwise, and NaN it stays
      }
      if (sum !== 0) throw notFinite(name, channel, { offset, sampleRate });
      if (!differ && channel !== reference) differ = channel.some((value, i) => value !== reference[i]);
    }
    if (peak < clipLevel) return;
    for (let i = 0; i < reference.length; i++) {
      if (channels.some((channel) => Math.abs(channel[i]) >= clipLevel)) clipped++;
    }
  };

  return {
    add(channels) {
      const frames = channels[0]?.length ?? 0;
      if (frames === 0) return;
      checkFormat(name, sampleRate, channels.length);
      samplesSeen += frames * channels.length;
      checkLength(name, { frames: total + frames, sampleRate }, limits);
      checkLength(name, { frames: samplesSeen / channels.length, channels: channels.length }, limits);
      sourceChannels = Math.max(sourceChannels, channels.length);
      const part = inside(channels, total);
      if (part) {
        inspect(part.channels, part.at);
        blocks.push(mixedCopy(part.channels));
      }
      total += frames;
    },
    finish() {
      checkReached(total);
      return {
        wave: { samples: joinSamples(blocks), sampleRate },
        sourceChannels,
        identicalChannels: sourceChannels > 1 && !differ,
        peak,
        clippedSamples: clipped,
        totalFrames: total,
      };
    },
  };
}

/** A span as numbers of samples, and the check that the audio reached it. */
export interface SpanFrames {
  /** Number of the sample behind it. */
  readonly last: number;
  /** Returns what lies in the span of channels whose first sample is number `at`, with the number of its own first sample; undefined for nothing. */
  inside(
    channels: readonly Float32Array[],
    at: number,
  ): { readonly channels: readonly Float32Array[]; readonly at: number } | undefined;
  /** @throws UndertoneError `audio/too-short` when so many samples of audio are not enough for the span. */
  checkReached(total: number): void;
}

/** Throws `audio/too-short` when a span is empty. */
export function checkSpan(name: string, { start = 0, end = Number.POSITIVE_INFINITY }: Span): void {
  if (start >= 0 && end > start) return;
  throw new UndertoneError(
    "audio/too-short",
    `The span of ${name} from ${start} s to ${end} s is empty, expected 0 ≤ start < end.`,
  );
}

/** Returns the samples of a span. @throws UndertoneError as `checkSpan`. */
export function spanFrames(name: string, sampleRate: number, span: Span): SpanFrames {
  checkSpan(name, span);
  const { start = 0, end = Number.POSITIVE_INFINITY } = span;
  const first = Math.round(start * sampleRate);
  const last = Math.round(end * sampleRate);
  return {
    last,
    inside(channels, at) {
      const { length } = channels[0];
      const from = Math.min(length, Math.max(0, first - at));
      const to = Math.min(length, Math.max(0, last - at));
      if (to <= from) return undefined;
      return { channels: channels.map((channel) => channel.subarray(from, to)), at: at + from };
    },
    checkReached(total) {
      const slack = 0.1 * sampleRate; // annotations are often rounded
      if (total > 0 && (first >= total || (Number.isFinite(last) && last > total + slack))) {
        throw new UndertoneError(
          "audio/too-short",
          `${name} is ${(total / sampleRate).toFixed(3)} s long, expected at least ${Number.isFinite(end) ? end : start} s.`,
        );
      }
    },
  };
}

/** `audio/not-finite` for the first sample that is infinite or not a number of a channel whose first sample is number `offset`. */
export function notFinite(
  name: string,
  channel: Float32Array,
  { offset, sampleRate }: { readonly offset: number; readonly sampleRate: number },
): UndertoneError {
  const at = channel.findIndex((value) => !Number.isFinite(value));
  const seconds = ((offset + at) / sampleRate).toFixed(3);
  return new UndertoneError(
    "audio/not-finite",
    `${name} has the sample ${channel[at]} at ${seconds} s, expected finite numbers.`,
  );
}
