/** AAC by libavcodec, as libav.js compiles it: AAC-LC, HE-AAC and HE-AAC v2. */
import type { Codec } from "./codec.js";
import { joinedChannels, packetsOf } from "./packets.js";

/** What is needed of an instance of libav.js 4. */
export interface LibAv {
  av_log_set_level(level: number): void;
  avcodec_parameters_alloc(): number;
  avcodec_parameters_free_js(parameters: number): void;
  AVCodecParameters_codec_type_s(parameters: number, type: number): void;
  AVCodecParameters_extradata_s(parameters: number, at: number): void;
  AVCodecParameters_extradata_size_s(parameters: number, size: number): void;
  malloc(size: number): number;
  copyin_u8(at: number, bytes: Uint8Array): void;
  ff_init_decoder(
    name: string,
    parameters?: number,
  ): readonly [unused: number, context: number, packet: number, frame: number];
  ff_decode_multi(
    context: number,
    packet: number,
    frame: number,
    packets: readonly { readonly data: Uint8Array; readonly pts: number; readonly dts: number }[],
    end?: boolean,
  ): readonly { readonly data: readonly Float32Array[]; readonly sample_rate?: number }[];
  ff_free_decoder(context: number, packet: number, frame: number): void;
}

const quiet = -8; // AV_LOG_QUIET
const audio = 1; // AVMEDIA_TYPE_AUDIO
const padding = 64; // AV_INPUT_BUFFER_PADDING_SIZE

/** Returns a decoder of access units: raw with an AudioSpecificConfig, in ADTS without. Damaged ones are left out. */
export function aacCodec(libav: LibAv, config?: Uint8Array): Codec {
  libav.av_log_set_level(quiet);
  const parameters = libav.avcodec_parameters_alloc();
  libav.AVCodecParameters_codec_type_s(parameters, audio);
  if (config) {
    const at = libav.malloc(config.length + padding);
    libav.copyin_u8(at, new Uint8Array(config.length + padding));
    libav.copyin_u8(at, config);
    libav.AVCodecParameters_extradata_s(parameters, at);
    libav.AVCodecParameters_extradata_size_s(parameters, config.length);
  }
  const [, context, packet, frame] = libav.ff_init_decoder("aac", parameters);
  libav.avcodec_parameters_free_js(parameters);
  let good = 0;
  const decode: Codec = (data) => {
    const frames: { readonly data: readonly Float32Array[]; readonly sample_rate?: number }[] = [];
    let failure: unknown;
    for (const unit of packetsOf(data)) {
      try {
        frames.push(...libav.ff_decode_multi(context, packet, frame, [{ data: unit, pts: 0, dts: 0 }]));
        good++;
      } catch (error) {
        failure = error;
      }
    }
    if (failure !== undefined && good === 0) throw failure;
    const sampleRate = frames[0]?.sample_rate ?? 0;
    const channels = frames[0]?.data.length ?? 0;
    if (frames.some((other) => other.data.length !== channels || other.sample_rate !== sampleRate))
      throw new Error("unsupported: its rate or its channels change on the way");
    return {
      channelData: joinedChannels(
        frames.map((each) => each.data),
        channels,
      ),
      sampleRate,
    };
  };
  decode.free = () => libav.ff_free_decoder(context, packet, frame);
  return decode;
}
