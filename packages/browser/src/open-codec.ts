/** Opens the decoders of compressed audio. `scripts/build.ts` bundles audio-decode into this file, without the decoders that are not needed. */
import type { Codec, CodecName } from "@undertone/core";

/** Resolves to a decoder for one file. */
export async function openCodec(name: CodecName): Promise<Codec> {
  const { default: decode } = await import("audio-decode");
  return decode[name]();
}
