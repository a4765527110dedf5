/** Finds installed npm packages: those that Undertone depends on, and those of the user's own project. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Returns the folder of an installed package, by way of its manifest, which needs no entry point to exist; from where this code is, or else from the
 * current folder.
 * @throws Error when it is not installed.
 */
export function packageFolder(name: string): string {
  const manifest = `${name}/package.json`;
  try {
    return dirname(createRequire(import.meta.url).resolve(manifest));
  } catch {
    return dirname(createRequire(join(process.cwd(), "package.json")).resolve(manifest));
  }
}
