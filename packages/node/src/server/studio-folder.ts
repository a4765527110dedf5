/** Finds the studio's built page, and builds it first in a checkout whose sources are newer. */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolder } from "../io/places.js";

/** Resolves to the folder of the built page: `dist/studio` of a published package, `apps/studio/dist` of a checkout. */
export async function studioFolder(onBuild: () => void = () => {}): Promise<string> {
  const app = fileURLToPath(new URL("../../apps/studio/", packageFolder()));
  if (!existsSync(join(app, "vite.config.ts")))
    return fileURLToPath(new URL("dist/studio/", packageFolder()));
  const dist = join(app, "dist");
  const sources = [
    "src",
    "index.html",
    "vite.config.ts",
    "package.json",
    "../../packages/browser/src",
    "../../packages/core/src",
  ];
  if (newest(sources.map((name) => join(app, name))) > modified(join(dist, "index.html"))) {
    onBuild();
    await buildStudio(app, dist);
  }
  return dist;
}

function modified(path: string): number {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function newest(paths: readonly string[]): number {
  return Math.max(
    ...paths.map((path) => {
      if (!statSync(path).isDirectory()) return modified(path);
      return Math.max(
        0,
        ...readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
          .map((entry) => modified(join(entry.parentPath, entry.name))),
      );
    }),
  );
}

/** Builds beside and swaps, so that a server that starts meanwhile never finds half a page. */
async function buildStudio(app: string, dist: string): Promise<void> {
  const { build } = await import("vite");
  const draft = join(app, `.dist-${process.pid}`);
  const old = `${draft}-old`;
  const { NODE_ENV } = process.env;
  try {
    process.env.NODE_ENV = "production"; // else a page that a test builds is React's large one for development, and stays
    await build({ root: app, logLevel: "error", build: { outDir: draft, emptyOutDir: true } });
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(draft, dist);
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
    rmSync(draft, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}
