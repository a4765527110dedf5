/** The samples of a compressed file, as its decoder gives them. */
import { isUndertoneError, UndertoneError } from "../errors.js";
import { alacCodec } from "./alac-codec.js";
import type { AudioBlocks } from "./audio-blocks.js";
import { truncated, undecodable, withoutSamples } from "./audio-refusals.js";
import type { ByteSource } from "./byte-source.js";
import type { Codec, CodecOutput, OpenCodec } from "./codec.js";
import type { DecodeLimits } from "./decode-limits.js";
import type { DecoderStart, Encoded, EncodedPiece } from "./encoded.js";
import { checkFormat, checkLength } from "./mono-collector.js";
import { type CompressedContainer, openEncoded } from "./open-encoded.js";
import { fullScale } from "./pcm.js";
import { pcmCodec } from "./pcm-codec.js";

/** Bytes that a second of any codec has. */
const fewestBytes = 500;

interface CompressedOptions {
  readonly head: Uint8Array;
  readonly container: CompressedContainer;
  readonly name: string;
  readonly openCodec: OpenCodec;
  readonly limits?: DecodeLimits | undefined;
}

/** Resolves to the blocks of a compressed file; its first samples have been decoded then. @throws UndertoneError as `decodeBytes`. */
export async function openCompressed(source: ByteSource, options: CompressedOptions): Promise<AudioBlocks> {
  const { head, container, name, limits } = options;
  const encoded = await openEncoded(source, { head, container, name });
  const { seconds, frames, channels } = encoded;
  // What has too few bytes for so long a sound is decoded, for its header may be wrong.
  if (limits && seconds !== undefined && source.size > fewestBytes * limits.maxSeconds)
    checkLength(name, { frames: seconds, sampleRate: 1 }, limits);
  if (limits && frames !== undefined) checkLength(name, { frames, channels: channels ?? 1 }, limits);
  const outputs = decoded(encoded, options);
  const first = await outputs.next();
  if (first.done) throw withoutSamples(name);
  return {
    container,
    sampleRate: first.value.sampleRate,
    seconds,
    remarks: [],
    clipLevel: fullScale(first.value.losslessBits ?? 16),
    firstFrame: 0,
    get progress() {
      return encoded.reading.position / source.size;
    },
    async *blocks() {
      yield first.value.channelData;
      for await (const { channelData } of outputs) yield channelData;
    },
    close: async () => void (await outputs.return(undefined)),
  };
}

interface Decoded extends CodecOutput {
  readonly losslessBits: number | undefined;
}

interface Format {
  readonly sampleRate: number;
  readonly channels: number;
}

/** Gives the decoder's outputs that hold samples, then refuses a file that was cut. */
async function* decoded(
  encoded: Encoded,
  { container, name, openCodec }: CompressedOptions,
): AsyncGenerator<Decoded, undefined> {
  let codec: Codec | undefined;
  let codecName: DecoderStart["codec"] | undefined;
  let losslessBits: number | undefined;
  let format: Format | undefined;
  let failure: unknown;
  let total = 0;
  /** Samples that are still to be left out before the audio, and to be taken. */
  let skip: number | undefined;
  let take = Number.POSITIVE_INFINITY;
  const { frames, seconds } = encoded;

  /** Runs the decoder, whose own errors wait until it is known whether the file is cut. */
  const run = async (data?: EncodedPiece["data"], discard = 0): Promise<readonly Decoded[]> => {
    let output: CodecOutput | undefined;
    try {
      output = await codec?.(data);
    } catch (error) {
      failure = error;
    }
    const { sampleRate = 0, channelData: given = [] } = output ?? {};
    // The decoder of MP3 gives one channel twice.
    const channelData = codecName === "mp3" && encoded.channels === 1 ? given.slice(0, 1) : given;
    const length = channelData[0]?.length ?? 0;
    encoded.gave?.(length * channelData.length);
    if (length === 0) return [];
    const channels = channelData.length;
    if (!format) checkFormat(name, sampleRate, channels);
    else if (sampleRate !== format.sampleRate || channels !== format.channels)
      throw changed(name, format, { sampleRate, channels });
    format ??= { sampleRate, channels };
    if (losslessBits !== undefined) rescale(channelData, losslessBits);
    if (skip === undefined) {
      skip = Math.round((encoded.skip ?? 0) * sampleRate);
      take = Math.round((encoded.take ?? take) * sampleRate);
    }
    const from = Math.min(length, skip);
    skip -= from;
    const to = Math.max(from, Math.min(length - Math.round(discard * sampleRate), from + take));
    take -= to - from;
    total += to - from;
    if (from === to) return [];
    return [
      { sampleRate, losslessBits, channelData: channelData.map((samples) => samples.subarray(from, to)) },
    ];
  };

  try {
    for await (const { data, starts, discard } of encoded.pieces()) {
      // The rest of a file that the decoder could not take is still looked through for a cut.
      if (failure !== undefined) continue;
      if (starts !== undefined) {
        yield* await run();
        codec?.free();
        codecName = starts.codec;
        losslessBits = "losslessBits" in starts ? starts.losslessBits : undefined;
        codec = await openDecoder(starts, openCodec).catch((error: unknown) => {
          if (isUndertoneError(error)) throw error;
          failure = error;
          return undefined;
        });
        if ("prefix" in starts && starts.prefix) yield* await run(starts.prefix);
      }
      yield* await run(data, discard);
    }
    if (failure === undefined) yield* await run();
  } catch (error) {
    if (isUndertoneError(error)) throw error;
    failure ??= error;
  } finally {
    codec?.free();
  }
  if (encoded.reading.cut || (frames !== undefined && total < frames))
    throw truncated(name, format ? total / format.sampleRate : 0, seconds);
  if (failure !== undefined) throw undecodable(name, container, failure);
  if (total === 0) throw withoutSamples(name);
}

/** Opens what is here, or what is supplied. */
async function openDecoder(starts: DecoderStart, openCodec: OpenCodec): Promise<Codec> {
  if (starts.codec === "pcm") return pcmCodec(starts.format);
  if (starts.codec === "alac") return alacCodec(starts.config);
  return openCodec(starts.codec, starts.config);
}

function changed(name: string, before: Format, after: Format): UndertoneError {
  const said = ({ sampleRate, channels }: Format): string =>
    `${sampleRate} Hz in ${channels} channel${channels === 1 ? "" : "s"}`;
  return new UndertoneError(
    "audio/unsupported",
    `${name} changes from ${said(before)} to ${said(after)} on the way, expected one rate and one number of channels.`,
  );
}

/**
 * Undoes the scaling of the FLAC decoder, which divides by 2^(bits − 1) − 1: all samples are divided by 2^(bits − 1), so
 * that FLAC has the very samples of the WAV file that it was made from.
 */
function rescale(channels: readonly Float32Array[], bits: number): void {
  if (bits > 24) return; // beyond the precision of a float32 there is nothing to restore
  const size = 2 ** (bits - 1);
  for (const channel of channels) {
    for (let i = 0; i < channel.length; i++) channel[i] = Math.round(channel[i] * (size - 1)) / size + 0;
  }
}
