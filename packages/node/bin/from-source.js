/** Runs a checkout without a build step: bundles the TypeScript source with esbuild (about 0.1 s) at every start. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const staleMilliseconds = 24 * 3600 * 1000;

/**
 * Returns the URL of the bundled command line. Bundles are content-addressed below `.dev/`, so that processes that start
 * together never read each other's half-written files; those of another day are removed.
 * @param {string} folder the package's folder
 */
export async function bundleSource(folder) {
  const source = join(folder, "src");
  const workers = readdirSync(join(source, "workers")).filter((name) => name.endsWith("-worker.ts"));
  const out = join(folder, ".dev");
  const { outputFiles } = await build({
    entryPoints: [join(source, "cli/main.ts"), ...workers.map((name) => join(source, "workers", name))],
    entryNames: "[name]",
    outdir: out,
    bundle: true,
    splitting: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    alias: { "@undertone/core": join(folder, "../core/src/index.ts") },
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "error",
  });
  const hash = createHash("sha256");
  for (const file of outputFiles) hash.update(file.path).update(file.contents);
  const bundle = join(out, hash.digest("hex").slice(0, 16));
  if (!existsSync(bundle)) {
    const draft = `${bundle}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    for (const file of outputFiles) writeFileSync(join(draft, basename(file.path)), file.contents);
    try {
      renameSync(draft, bundle);
    } catch {
      rmSync(draft, { recursive: true, force: true }); // another process was first with the same content
    }
    for (const name of readdirSync(out)) {
      const path = join(out, name);
      if (Date.now() - statSync(path).mtimeMs > staleMilliseconds) rmSync(path, { recursive: true, force: true });
    }
  }
  return pathToFileURL(join(bundle, "main.js")).href;
}
