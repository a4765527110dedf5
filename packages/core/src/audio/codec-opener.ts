/** Makes decoders of the packages that decode, which a runtime loads. */
import { aacCodec, type LibAv } from "./aac-codec.js";
import type { Codec, CodecName, CodecOutput, OpenCodec } from "./codec.js";
import { joinBytes } from "./join-arrays.js";
import { packetsOf } from "./packets.js";

/** A decoder of a file's bytes, as the `@audio/decode-*` packages have them. */
interface StreamDecoder {
  decode(chunk: Uint8Array): CodecOutput | Promise<CodecOutput>;
  flush?(): CodecOutput | Promise<CodecOutput>;
  free(): void;
}

interface OpusPackets {
  configure(options: {
    channels: number;
    streamCount?: number;
    coupledStreamCount?: number;
    channelMappingTable?: Uint8Array;
    preSkip: number;
    outputGain: number;
  }): void;
  decodeFrames(
    packets: Uint8Array[],
  ): CodecOutput & { readonly errors: readonly { readonly message: string }[] };
  free(): void;
}

/** What loads each decoder, when it is first needed. */
export interface CodecLoaders {
  readonly flac: () => Promise<{ decoder(): Promise<StreamDecoder> }>;
  readonly mp3: () => Promise<{ decoder(): Promise<StreamDecoder> }>;
  readonly vorbis: () => Promise<{ decoder(): Promise<StreamDecoder> }>;
  readonly opus: () => Promise<{ decoder(): Promise<StreamDecoder> }>;
  readonly opusPackets: () => Promise<{ createOpusDecoder(): Promise<OpusPackets> }>;
  /** An instance of libav.js; one serves all files. */
  readonly libav: () => Promise<LibAv>;
}

/** Returns what opens decoders. */
export function codecOpener(loaders: CodecLoaders): OpenCodec {
  let libav: Promise<LibAv> | undefined;
  return async (name: CodecName, config?: Uint8Array): Promise<Codec> => {
    if (name === "opus-packets") {
      const { createOpusDecoder } = await loaders.opusPackets();
      return opusPacketCodec(await createOpusDecoder(), config);
    }
    if (name === "aac") {
      libav ??= loaders.libav().catch((error: unknown) => {
        libav = undefined; // a page that was offline may ask again
        throw error;
      });
      return aacCodec(await libav, config);
    }
    return streamCodec(await (await loaders[name]()).decoder());
  };
}

function streamCodec(decoder: StreamDecoder): Codec {
  const nothing: CodecOutput = { channelData: [], sampleRate: 0 };
  const codec = async (data?: Uint8Array | readonly Uint8Array[]): Promise<CodecOutput> => {
    return data === undefined
      ? ((await decoder.flush?.()) ?? nothing)
      : decoder.decode(joinBytes(packetsOf(data)));
  };
  return Object.assign(codec, { free: () => decoder.free() });
}

/** Opus packets described by an OpusHead (RFC 7845, section 5.1). */
function opusPacketCodec(decoder: OpusPackets, head: Uint8Array = new Uint8Array(0)): Codec {
  if (head.length < 19) throw new Error(`its description of Opus has ${head.length} bytes, expected 19`);
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const channels = head[9];
  const mapped = head[18] > 0 && head.length >= 21 + channels;
  decoder.configure({
    channels,
    preSkip: view.getUint16(10, true),
    outputGain: view.getInt16(16, true),
    ...(mapped
      ? {
          streamCount: head[19],
          coupledStreamCount: head[20],
          channelMappingTable: head.subarray(21, 21 + channels),
        }
      : {}),
  });
  let good = 0;
  const codec: Codec = (data) => {
    const packets = [...packetsOf(data)];
    const { channelData, sampleRate, errors } = decoder.decodeFrames(packets);
    good += packets.length - errors.length;
    if (errors.length > 0 && good === 0) throw new Error(errors[0].message);
    return { channelData, sampleRate };
  };
  codec.free = () => decoder.free();
  return codec;
}
