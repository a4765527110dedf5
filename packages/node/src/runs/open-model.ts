/** Opens an artifact from a file, the shipped model by default. */

import { dirname } from "node:path";
import { openRecognizer, type Recognizer } from "@undertone/core/artifact";
import { isUndertoneError, UndertoneError } from "@undertone/core/errors";
import { nodeEncoderResources } from "../encoders/encoder-resources.js";
import { readInput } from "../io/read-input.js";
import { defaultModel, pathOf, shippedModels } from "./shipped.js";

/** Returns a recognizer for an artifact, a file or one that ships by name; the caller closes it. @throws UndertoneError `file/*`, `artifact/*`, `onnx/*`, `features/encoder-*`. */
export async function openModel(model: string = defaultModel): Promise<Recognizer> {
  const path = pathOf(shippedModels, model);
  const bytes = await readInput(path);
  try {
    return await openRecognizer(bytes, nodeEncoderResources(dirname(path)));
  } catch (error) {
    if (!isUndertoneError(error, "artifact/not-an-artifact")) throw error;
    throw new UndertoneError(error.code, error.message.replace(/^This/, `'${path}'`), { cause: error });
  }
}
