/** From the bytes of an audio file to mono samples: the same steps in Node and in the browser, whoever supplies the codecs. */
import { UndertoneError } from "../errors.js";
import { containerFacts } from "./container-facts.js";
import type { DecodeLimits } from "./decode-limits.js";
import { headerFault } from "./header-fault.js";
import {
  type CollectedAudio,
  checkFormat,
  checkLength,
  type MonoCollector,
  monoCollector,
  type Span,
} from "./mono-collector.js";
import { fullScale, type PcmLayout, pcmBlocks } from "./pcm.js";
import { readAiff } from "./read-aiff.js";
import { readWav } from "./read-wav.js";
import { type AudioContainer, type ContainerFacts, sniffContainer } from "./sniff-container.js";

/** What a codec gives for some bytes; no channels when it needs more. */
export interface CodecOutput {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
}

/** A streaming decoder for one file, as `audio-decode` has them: called with bytes, at last with nothing. */
export interface Codec {
  (chunk?: Uint8Array): Promise<CodecOutput>;
  free(): void;
}

/** The compressed containers, by the names that `audio-decode` gives to their decoders. */
const codecNames = {
  flac: "flac",
  mp3: "mp3",
  aac: "aac",
  "ogg-vorbis": "oga",
  "ogg-opus": "opus",
  "ogg-flac": "flac",
  webm: "webm",
  m4a: "m4a",
} as const satisfies Partial<Record<AudioContainer, string>>;

export type CodecName = (typeof codecNames)[keyof typeof codecNames];

export interface DecodeBytesOptions extends Span {
  readonly limits: DecodeLimits;
  /** Opens a decoder; called for compressed files only, so that WAV and AIFF load none. */
  readonly openCodec: (name: CodecName) => Promise<Codec>;
  /** What messages call the audio. */
  readonly name?: string | undefined;
}

/** Decoded audio at its own sample rate. */
export interface DecodedBytes extends CollectedAudio {
  readonly container: AudioContainer;
}

/** Bytes given to a codec at a time: bounds what a hostile file can make of them before the limits are looked at. */
const chunkBytes = 16384;

/**
 * Returns the audio in `bytes`, mixed to mono, at its own sample rate; with `start` or `end` (seconds) only that span.
 * Memory is bound by the file and the limits, never by what a header claims.
 * @throws UndertoneError `audio/empty`, `audio/not-audio`, `audio/unsupported`, `audio/truncated`, `audio/too-long`,
 * `audio/too-large`, `audio/too-short`, `audio/not-finite`, `audio/bad-sample-rate` or `audio/bad-channel-count`.
 */
export async function decodeBytes(bytes: Uint8Array, options: DecodeBytesOptions): Promise<DecodedBytes> {
  const { name = "The audio", limits } = options;
  if (bytes.length === 0)
    throw new UndertoneError("audio/empty", `${name} is empty (0 bytes), expected audio.`);
  if (bytes.length > limits.maxBytes) {
    throw new UndertoneError(
      "audio/too-large",
      `${name} has ${bytes.length} bytes, more than the limit of ${limits.maxBytes} (maxBytes).`,
    );
  }
  const container = sniffContainer(bytes);
  if (container === null) {
    throw new UndertoneError(
      "audio/not-audio",
      `${name} is not audio: its first bytes are those of no format that can be read.`,
    );
  }
  const collected =
    container === "wav" || container === "aiff"
      ? decodePcm(bytes, container === "wav" ? readWav(bytes, name) : readAiff(bytes, name), name, options)
      : await decodeCompressed(bytes, container, name, options);
  return { ...collected, container };
}

/** Refuses PCM of no possible rate, without samples or with fewer than its header says. @throws UndertoneError as `decodeBytes`. */
export function checkPcm({ channels, sampleRate, frames, claimedFrames }: PcmLayout, name: string): void {
  checkFormat(name, sampleRate, channels);
  if (claimedFrames !== null && frames < claimedFrames)
    throw truncated(name, frames / sampleRate, claimedFrames / sampleRate);
  if (frames === 0)
    throw new UndertoneError("audio/empty", `${name} has a header but no samples, expected audio.`);
}

function decodePcm(
  bytes: Uint8Array,
  layout: PcmLayout,
  name: string,
  options: DecodeBytesOptions,
): CollectedAudio {
  const { channels, sampleRate } = layout;
  checkFormat(name, sampleRate, channels);
  checkLength(name, layout, options.limits);
  checkPcm(layout, name);
  const collector = monoCollector(name, { ...options, sampleRate, clipLevel: fullScale(layout.bits) });
  for (const block of pcmBlocks(bytes, layout)) collector.add(block);
  return collector.finish();
}

async function decodeCompressed(
  bytes: Uint8Array,
  container: keyof typeof codecNames,
  name: string,
  options: DecodeBytesOptions,
): Promise<CollectedAudio> {
  const facts = containerFacts(bytes, container);
  const fault = headerFault(bytes, container);
  if (fault !== null) throw undecodable(name, container, fault);
  if (facts.hasSound === false) throw facts.cut ? truncated(name, 0) : withoutSound(name, container);
  checkFacts(name, facts, options.limits);
  const state: { collector: MonoCollector | null; failure: unknown } = { collector: null, failure: null };
  let sampleRate = 0;
  const take = ({ channelData, sampleRate: rate }: CodecOutput): void => {
    if ((channelData[0]?.length ?? 0) === 0) return;
    if (state.collector === null) {
      sampleRate = rate;
      checkFormat(name, rate, channelData.length);
      state.collector = monoCollector(name, {
        ...options,
        sampleRate: rate,
        clipLevel: fullScale(facts.losslessBits ?? 16),
      });
    } else if (rate !== sampleRate) {
      throw new UndertoneError(
        "audio/unsupported",
        `${name} changes its sample rate from ${sampleRate} Hz to ${rate} Hz on the way, expected one rate.`,
      );
    }
    if (facts.losslessBits !== undefined) rescale(channelData, facts.losslessBits);
    state.collector.add(channelData);
  };
  const codec = await options.openCodec(codecNames[container]);
  try {
    for (let at = 0; at < bytes.length; ) {
      const end = pieceEnd(bytes, at, container);
      take(await codec(bytes.subarray(at, end)));
      at = end;
    }
    take(await codec());
  } catch (error) {
    if (error instanceof UndertoneError) throw error;
    state.failure = error;
  } finally {
    codec.free();
  }

  const { collector, failure } = state;
  const frames = collector?.totalFrames ?? 0;
  if (facts.cut || (facts.frames !== undefined && frames < facts.frames)) {
    const rate = sampleRate || facts.sampleRate;
    const seconds = facts.frames !== undefined && rate ? facts.frames / rate : facts.seconds;
    throw truncated(name, rate ? frames / rate : 0, seconds);
  }
  if (failure !== null) throw undecodable(name, container, failure);
  if (collector === null)
    throw new UndertoneError("audio/empty", `${name} has a header but no samples, expected audio.`);
  const collected = collector.finish();
  // Some decoders fold two equal channels into one; the container knows how many there were.
  const folded = collected.sourceChannels === 1 && facts.channels === 2 && container === "mp3";
  return folded ? { ...collected, sourceChannels: 2, identicalChannels: true } : collected;
}

/** Returns where the piece that begins at `at` ends. */
function pieceEnd(bytes: Uint8Array, at: number, container: AudioContainer): number {
  // The box that names an MP4 file's samples may come last, so its decoder gets the whole file at once.
  if (container === "m4a") return bytes.length;
  const end = Math.min(bytes.length, at + chunkBytes);
  if (container !== "flac" || end === bytes.length) return end;
  // audio-decode 3.12 misses a frame header that lies across two pieces and loses that frame (in 16 of 4239 files of RAVDESS and
  // TESS it was the last one), so a piece ends before anything that may begin one. A header has 17 bytes at most.
  let safe = end;
  for (let p = end - 1; p > at + chunkBytes / 2 && p >= safe - 17; p--) {
    if (bytes[p] === 0xff && (bytes[p + 1] & 0xfe) === 0xf8) safe = p;
  }
  return safe;
}

/** Refuses a file by what it says about itself, before any of it is decoded. */
function checkFacts(name: string, facts: ContainerFacts, limits: DecodeLimits): void {
  const { sampleRate, channels = 1 } = facts;
  if (sampleRate !== undefined) {
    checkFormat(name, sampleRate, channels);
    if (facts.frames !== undefined) checkLength(name, { frames: facts.frames, sampleRate, channels }, limits);
  }
  if (facts.seconds !== undefined) checkLength(name, { frames: facts.seconds, sampleRate: 1 }, limits);
  if (facts.samplesBound !== undefined)
    checkLength(name, { frames: facts.samplesBound / channels, channels }, limits);
}

/**
 * Undoes the scaling of the FLAC decoder, which divides by 2^(bits − 1) − 1: all samples are divided by 2^(bits − 1), so
 * that a FLAC file has the very samples of the WAV file that it was made from.
 */
function rescale(channels: readonly Float32Array[], bits: number): void {
  if (bits > 24) return; // beyond the precision of a float32 there is nothing to restore
  const size = 2 ** (bits - 1);
  for (const channel of channels) {
    for (let i = 0; i < channel.length; i++) channel[i] = Math.round(channel[i] * (size - 1)) / size + 0;
  }
}

function truncated(name: string, seconds: number, expectedSeconds?: number): UndertoneError {
  const there = `${seconds.toFixed(3)} s`;
  const message =
    expectedSeconds !== undefined && expectedSeconds > seconds
      ? `${name} is cut short: ${there} of the ${expectedSeconds.toFixed(3)} s that its header says are there.`
      : `${name} is cut short: it ends in the middle of its data after ${there}.`;
  return new UndertoneError("audio/truncated", message, {
    details: { seconds, ...(expectedSeconds === undefined ? {} : { expectedSeconds }) },
  });
}

function withoutSound(name: string, container: AudioContainer, cause?: unknown): UndertoneError {
  const message = `${name} is a ${container} file without sound, expected audio.`;
  return new UndertoneError("audio/not-audio", message, { cause });
}

function undecodable(name: string, container: AudioContainer, cause: unknown): UndertoneError {
  const reason = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0].replace(/\.$/, "");
  if (/no audio track/i.test(reason)) return withoutSound(name, container, cause);
  const code = /unsupported|no decoder/i.test(reason) ? "audio/unsupported" : "audio/not-audio";
  return new UndertoneError(code, `${name} begins as ${container} but cannot be decoded: ${reason}.`, {
    cause,
  });
}
