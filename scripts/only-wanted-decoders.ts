/** A Vite plugin that leaves decoders out of a bundle. */
import type { Plugin } from "vite";

/** The decoders that `decodeBytes` asks for; `audio-decode` knows thirty more, one of which is not even published with it. */
export const wantedDecoders: readonly string[] = ["aac", "flac", "mp3", "mp4", "opus", "vorbis", "webm"].map(
  (name) => `@audio/decode-${name}`,
);

/** Returns whether a module's name is one of `wantedDecoders`. */
export function isWantedDecoder(id: string): boolean {
  return wantedDecoders.includes(id);
}

/** Returns the plugin. */
export function onlyWantedDecoders(): Plugin {
  const nothing = "\0no-decoder";
  return {
    name: "only-wanted-decoders",
    enforce: "pre",
    resolveId: (id) => (id.startsWith("@audio/decode-") && !isWantedDecoder(id) ? nothing : undefined),
    load: (id) => (id === nothing ? "export default () => { throw new Error('left out'); };" : undefined),
  };
}
