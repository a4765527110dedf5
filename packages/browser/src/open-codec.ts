/** Opens the decoders of compressed audio. `scripts/build.ts` bundles audio-decode into this file, without the decoders that are not needed. */
import type { Codec, CodecName } from "@undertone/core/audio";
import { browserCodec } from "./browser-codec.js";

/** Resolves to a decoder for one file. @throws UndertoneError `audio/unsupported` for AAC and MP4 in a worker. */
export async function openCodec(name: CodecName): Promise<Codec> {
  if (name === "aac" || name === "m4a") return browserCodec();
  const { default: decode } = await import("audio-decode");
  return decode[name]();
}
