/** The decoders of compressed audio in Node. */
import { codecOpener } from "@undertone/core/audio";

/** Opens a decoder; its code is loaded when a file first needs it. */
export const openCodec = codecOpener({
  flac: () => import("@audio/decode-flac"),
  mp3: () => import("@audio/decode-mp3"),
  vorbis: () => import("@audio/decode-vorbis"),
  opus: () => import("@audio/decode-opus"),
  opusPackets: () => import("@audio/decode-opus/core"),
  async libav() {
    const { default: open } = await import(
      "@libav.js/variant-mediarecorder-transcoder/dist/libav-4.10.6.1.1-mediarecorder-transcoder.simd.js"
    );
    return open();
  },
});
