/** A Vite plugin that leaves decoders out of a bundle. */
import type { Plugin } from "vite";

/** The decoders that `decodeBytes` asks for; `audio-decode` knows thirty more, one of which is not even published with it. */
const wantedDecoders = /^@audio\/decode-(?:aac|flac|mp3|mp4|opus|vorbis|webm)$/;

/** Returns the plugin. */
export function onlyWantedDecoders(): Plugin {
  const nothing = "\0no-decoder";
  return {
    name: "only-wanted-decoders",
    enforce: "pre",
    resolveId: (id) => (id.startsWith("@audio/decode-") && !wantedDecoders.test(id) ? nothing : undefined),
    load: (id) => (id === nothing ? "export default () => { throw new Error('left out'); };" : undefined),
  };
}
