/** Decoders that need no more than arithmetic: samples as they are, inside containers of compressed audio. */
import type { Codec } from "./codec.js";
import { joinedChannels, packetsOf } from "./packets.js";
import { type PcmFormat, pcmBlocks } from "./pcm.js";

/** Returns a decoder of packets of whole frames of PCM. */
export function pcmCodec(format: PcmFormat): Codec {
  const { sampleRate, channels, frameBytes } = format;
  const decode: Codec = (data) => {
    const parts: Float32Array[][] = [];
    for (const packet of packetsOf(data)) {
      const frames = Math.floor(packet.length / frameBytes);
      // The blocks' arrays are used again.
      for (const block of pcmBlocks(packet, { ...format, offset: 0, frames }))
        parts.push(block.map((samples) => samples.slice()));
    }
    return { channelData: joinedChannels(parts, channels), sampleRate };
  };
  decode.free = () => undefined;
  return decode;
}
