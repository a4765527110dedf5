/** A Vite plugin that leaves decoders out of a bundle. */
import type { Plugin } from "vite";

/**
 * The decoders that a page needs; `audio-decode` knows thirty more, one of which is not even published with it. Not among them is its
 * decoder for AAC, which is GPL-2.0 and would bind every page that carries it: the browser's own takes its place.
 */
export const wantedDecoders: readonly string[] = ["flac", "mp3", "opus", "vorbis", "webm"].map(
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
