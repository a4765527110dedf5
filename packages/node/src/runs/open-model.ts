/** Opens an artifact from a file, the shipped model by default. */

import { dirname } from "node:path";
import { adaptsTo, openRecognizer, type Recognizer, readArtifact } from "@undertone/core/artifact";
import { isUndertoneError, listChoices, UndertoneError } from "@undertone/core/errors";
import type { CollectionKind } from "@undertone/core/learn";
import { nodeEncoderResources } from "../encoders/encoder-resources.js";
import { readInput } from "../io/read-input.js";
import { defaultModel, pathOf, shippedModels } from "./shipped.js";

/**
 * Returns what `read` makes of an artifact, a file or one that ships by name.
 * @throws UndertoneError `file/*` and what `read` throws, with the file's name where that is no artifact.
 */
export async function readModelFile<T>(
  model: string,
  read: (bytes: Uint8Array, path: string) => T | Promise<T>,
): Promise<T> {
  const path = pathOf(shippedModels, model);
  const bytes = await readInput(path);
  try {
    return await read(bytes, path);
  } catch (error) {
    if (!isUndertoneError(error, "artifact/not-an-artifact")) throw error;
    const ships = shippedModels.map(({ name }) => name).join(", ");
    throw new UndertoneError(
      error.code,
      `${error.message.replace(/^This/, `'${path}'`)}, or one that ships: ${ships}`,
      { cause: error },
    );
  }
}

/** Returns what `make` makes of a model that adapts. @throws UndertoneError `artifact/not-adaptable` that names the models that ship and do. */
export async function ofAdaptable<T>(to: CollectionKind, make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!isUndertoneError(error, "artifact/not-adaptable")) throw error;
    const able: string[] = [];
    for (const { name } of shippedModels)
      if (await readModelFile(name, (bytes) => adaptsTo(readArtifact(bytes).manifest, to))) able.push(name);
    throw new UndertoneError(
      error.code,
      `${error.message}, or one that ships: --model ${listChoices(able)}`,
      {
        cause: error,
      },
    );
  }
}

/** Returns a recognizer for an artifact, a file or one that ships by name; the caller closes it. @throws UndertoneError `file/*`, `artifact/*`, `onnx/*`, `features/encoder-*`. */
export function openModel(model: string = defaultModel): Promise<Recognizer> {
  return readModelFile(model, (bytes, path) => openRecognizer(bytes, nodeEncoderResources(dirname(path))));
}
