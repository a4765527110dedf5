/** What decoders of packets have in common. */
import { joinSamples } from "./join-arrays.js";

/** Returns what a codec was called with as packets. */
export function packetsOf(data: Uint8Array | readonly Uint8Array[] | undefined): readonly Uint8Array[] {
  return data === undefined ? [] : data instanceof Uint8Array ? [data] : data;
}

/** Returns each channel of the parts, one behind the other. */
export function joinedChannels(
  parts: readonly (readonly Float32Array[])[],
  channels: number,
): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) => joinSamples(parts.map((part) => part[channel])));
}
