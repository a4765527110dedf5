/** Finds the files of third-party networks in the installed packages that carry them. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describeEncoderFile, type EncoderFile, UndertoneError } from "@undertone/core";

/**
 * Returns the bytes of a package's file, from where Node finds the package.
 * @throws UndertoneError `features/encoder-missing`
 */
export async function nodeEncoderFile(file: EncoderFile): Promise<Uint8Array> {
  try {
    return await readFile(join(packageFolder(file.package), file.path));
  } catch (cause) {
    throw new UndertoneError(
      "features/encoder-missing",
      `The encoder file ${describeEncoderFile(file)} is not installed; 'npm install ${file.package}@${file.version}' brings it`,
      { cause, details: { package: file.package, version: file.version, file: file.path } },
    );
  }
}

/** Package -> folder by way of its manifest, which needs no entry point to exist. */
function packageFolder(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}
