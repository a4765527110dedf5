/** Builds the studio: one page, its worker, the worklet and ONNX Runtime's WebAssembly, all from this server. */
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** The decoders that `decodeBytes` asks for; `audio-decode` knows thirty more, one of which is not even published with it. */
const wantedDecoders = /^@audio\/decode-(?:aac|flac|mp3|mp4|opus|vorbis|webm)$/;

/** Leaves the other decoders out of the page. */
function onlyWantedDecoders(): Plugin {
  const nothing = "\0no-decoder";
  return {
    name: "only-wanted-decoders",
    enforce: "pre",
    resolveId: (id) => (id.startsWith("@audio/decode-") && !wantedDecoders.test(id) ? nothing : undefined),
    load: (id) => (id === nothing ? "export default () => { throw new Error('left out'); };" : undefined),
  };
}

export default defineConfig({
  plugins: [react(), onlyWantedDecoders()],
  base: "/",
  // Inlined assets would be data: addresses, which the page's own security policy refuses.
  build: { target: "es2022", assetsInlineLimit: 0, reportCompressedSize: false, chunkSizeWarningLimit: 1024 },
  worker: { format: "es", plugins: () => [onlyWantedDecoders()] },
  server: { proxy: { "/model": "http://127.0.0.1:4173", "/examples": "http://127.0.0.1:4173" } },
});
