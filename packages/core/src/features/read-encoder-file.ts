/** Fetches a pinned file and refuses any other content. */
import { UndertoneError } from "../errors.js";
import { sha256 } from "../math/sha256.js";
import type { EncoderFile, EncoderResources } from "./encoder-set.js";

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
  { encoderFile }: Pick<EncoderResources, "encoderFile">,
): Promise<Uint8Array> {
  const bytes = await encoderFile(file);
  const found = sha256(bytes);
  if (found === file.sha256) return bytes;
  throw new UndertoneError(
    "features/encoder-mismatch",
    `The encoder file ${describeEncoderFile(file)} has the SHA-256 ${found}, expected ${file.sha256}; 'npm install ${file.package}@${file.version}' brings the right one`,
    { details: { file: file.path, package: file.package, found, expected: file.sha256 } },
  );
}
