/** The samples of a compressed file, as its decoder gives them. */
import { UndertoneError } from "../errors.js";
import type { AudioBlocks } from "./audio-blocks.js";
import { truncated, undecodable, withoutSamples, withoutSound } from "./audio-refusals.js";
import type { ByteSource } from "./byte-source.js";
import type { Codec, CodecOutput, OpenCodec } from "./codec.js";
import { containerFacts } from "./container-facts.js";
import type { DecodeLimits } from "./decode-limits.js";
import { type CompressedContainer, codecNames, encodedPieces } from "./encoded-pieces.js";
import { headerFault } from "./header-fault.js";
import { checkFormat, checkLength } from "./mono-collector.js";
import { fullScale } from "./pcm.js";
import type { ContainerFacts } from "./sniff-container.js";

interface CompressedOptions {
  readonly head: Uint8Array;
  readonly container: CompressedContainer;
  readonly name: string;
  readonly openCodec: OpenCodec;
  readonly limits?: DecodeLimits | undefined;
}

/** Resolves to the blocks of a compressed file; its first samples have been decoded then. @throws UndertoneError as `decodeBytes`. */
export async function openCompressed(source: ByteSource, options: CompressedOptions): Promise<AudioBlocks> {
  const { container, name, limits } = options;
  const bytes = container === "m4a" ? await source.read(0, source.size) : options.head;
  const whole = bytes.length === source.size;
  const facts = containerFacts(bytes, container);
  const fault = headerFault(bytes, container, source.size);
  if (fault !== null) throw undecodable(name, container, fault);
  if (facts.hasSound === false) throw facts.cut ? truncated(name, 0) : withoutSound(name, container);
  if (limits) checkFacts(name, facts, limits);
  const encoded = encodedPieces(source, container, name);
  const outputs = decoded(encoded, facts, options);
  const first = await outputs.next();
  if (first.done) throw withoutSamples(name);
  const { sampleRate } = first.value;
  const { frames } = facts;
  return {
    container,
    sampleRate,
    seconds: frames !== undefined ? frames / sampleRate : whole ? facts.seconds : undefined,
    statedChannels: facts.channels,
    remarks: [],
    clipLevel: fullScale(facts.losslessBits ?? 16),
    firstFrame: 0,
    get progress() {
      return encoded.position / source.size;
    },
    async *blocks() {
      yield first.value.channelData;
      for await (const { channelData } of outputs) yield channelData;
    },
    close: async () => void (await outputs.return(undefined)),
  };
}

/** Gives the decoder's outputs that hold samples, then refuses a file that was cut. */
async function* decoded(
  encoded: ReturnType<typeof encodedPieces>,
  facts: ContainerFacts,
  { container, name, openCodec }: CompressedOptions,
): AsyncGenerator<CodecOutput, undefined> {
  let codec: Codec | undefined;
  let format: Format | undefined;
  let failure: unknown;
  let total = 0;
  /** Runs the decoder, whose own errors wait until it is known whether the file is cut. */
  const run = async (bytes?: Uint8Array): Promise<CodecOutput | undefined> => {
    try {
      const output = await codec?.(bytes);
      const length = output?.channelData[0]?.length ?? 0;
      encoded.gave(length * (output?.channelData.length ?? 0));
      return length > 0 ? output : undefined;
    } catch (error) {
      failure = error;
      return undefined;
    }
  };
  const checked = (output: CodecOutput): CodecOutput => {
    const { sampleRate, channelData } = output;
    const channels = channelData.length;
    if (!format) checkFormat(name, sampleRate, channels);
    else if (sampleRate !== format.sampleRate || channels !== format.channels)
      throw changed(name, format, { sampleRate, channels });
    format ??= { sampleRate, channels };
    total += channelData[0].length;
    if (facts.losslessBits !== undefined) rescale(channelData, facts.losslessBits);
    return output;
  };
  try {
    for await (const { bytes, begins } of encoded.pieces()) {
      // The rest of a file that the decoder could not take is still looked through for a cut.
      if (failure !== undefined) continue;
      if (begins !== undefined) {
        const fault = total > 0 ? headerFault(bytes, begins) : null;
        if (fault !== null) throw undecodable(name, begins, fault);
        const last = await run();
        if (last) yield checked(last);
        codec?.free();
        codec = await openCodec(codecNames[begins]);
      }
      const output = await run(bytes);
      if (output) yield checked(output);
    }
    if (failure === undefined) {
      const last = await run();
      if (last) yield checked(last);
    }
  } finally {
    codec?.free();
  }
  const whole = facts.frames;
  if (encoded.watch.cut || (container === "m4a" && facts.cut) || (whole !== undefined && total < whole)) {
    const rate = format?.sampleRate ?? facts.sampleRate;
    const seconds = whole !== undefined && rate ? whole / rate : facts.seconds;
    throw truncated(name, rate ? total / rate : 0, seconds);
  }
  if (failure !== undefined) throw undecodable(name, container, failure);
  if (total === 0) throw withoutSamples(name);
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

interface Format {
  readonly sampleRate: number;
  readonly channels: number;
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
 * that a FLAC file has the very samples of the WAV file that it was made from.
 */
function rescale(channels: readonly Float32Array[], bits: number): void {
  if (bits > 24) return; // beyond the precision of a float32 there is nothing to restore
  const size = 2 ** (bits - 1);
  for (const channel of channels) {
    for (let i = 0; i < channel.length; i++) channel[i] = Math.round(channel[i] * (size - 1)) / size + 0;
  }
}
