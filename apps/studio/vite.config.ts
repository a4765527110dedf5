/** Builds the studio: one page, its worker, the worklet and ONNX Runtime's WebAssembly, all from this server. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  base: "/",
  // Inlined assets would be data: addresses, which the page's own security policy refuses.
  build: { target: "es2022", assetsInlineLimit: 0, reportCompressedSize: false, chunkSizeWarningLimit: 1024 },
  worker: { format: "es" },
  server: {
    proxy: Object.fromEntries(
      ["/model", "/encoders", "/examples"].map((path) => [path, "http://127.0.0.1:4173"]),
    ),
  },
});
