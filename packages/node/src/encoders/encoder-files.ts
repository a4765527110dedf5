/** Finds the files of third-party networks: in installed packages, among those that were added, beside an artifact. */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ArtifactManifest } from "@undertone/core/artifact";
import { isUndertoneError, UndertoneError } from "@undertone/core/errors";
import { encoderName } from "@undertone/core/features";
import {
  describeEncoderFile,
  type EncoderFile,
  encoderRemedy,
  isPackageFile,
  type NamedFile,
  readEncoderFile,
} from "@undertone/core/onnx";
import { encoderRecords, keepEncoder, keptEncoder, sha256Of } from "./encoder-store.js";
import { packageFolder } from "./package-folder.js";
import { npmPackage } from "./sources/npm-package.js";

/**
 * Returns the bytes of a file: a package's from where Node finds the package; any other from those that were added, else from `folder` under its
 * name, else from the package that it once came from.
 * @throws UndertoneError `features/encoder-missing`
 */
export async function nodeEncoderFile(file: EncoderFile, folder?: string): Promise<Uint8Array> {
  try {
    return isPackageFile(file)
      ? await readFile(join(packageFolder(file.package), file.path))
      : await namedFile(file, folder);
  } catch (cause) {
    const where = isPackageFile(file)
      ? "not installed"
      : `neither among those that were added${folder ? ", nor beside the model" : ""}`;
    throw new UndertoneError(
      "features/encoder-missing",
      `The encoder file ${describeEncoderFile(file)} is ${where}; ${encoderRemedy(file)}`,
      { cause, details: { ...file } },
    );
  }
}

async function namedFile(
  { name, sha256, source }: NamedFile,
  folder: string | undefined,
): Promise<Uint8Array> {
  const kept = await keptEncoder(sha256);
  if (kept) return kept;
  const entries = folder === undefined ? [] : await readdir(folder);
  const beside = entries.find(
    (entry) => /\.(onnx|ort)$/i.test(entry) && (encoderName(entry) === name || encoderName(entry) === sha256),
  );
  if (beside !== undefined) return readFile(join(folder!, beside));
  const installed = source?.startsWith("npm:") && (await npmPackage.installed!(source));
  if (installed) return installed.bytes;
  throw new Error("not there");
}

/**
 * Keeps the encoder files that lie beside an artifact, so that threads, which know no artifact, find them; one that is nowhere is missed by whoever needs it.
 * @throws UndertoneError `features/encoder-mismatch`, `file/*`.
 */
export async function keepEncodersBeside(artifact: string, { features }: ArtifactManifest): Promise<void> {
  const kept = new Set((await encoderRecords()).map(({ sha256 }) => sha256));
  for (const file of features.encoders ?? []) {
    if ("package" in file || kept.has(file.sha256)) continue;
    const encoderFile = (): Promise<Uint8Array> => nodeEncoderFile(file, dirname(artifact));
    try {
      await keepEncoder(await readEncoderFile(file, { encoderFile, sha256: sha256Of }), file);
    } catch (error) {
      if (!isUndertoneError(error, "features/encoder-missing")) throw error;
    }
  }
}
