/** Opens an artifact from a file, the shipped model by default. */

import { dirname } from "node:path";
import { openRecognizer, type Recognizer } from "@undertone/core/artifact";
import { isUndertoneError, UndertoneError } from "@undertone/core/errors";
import { nodeEncoderResources } from "../encoders/encoder-resources.js";
import { shippedPath } from "../io/places.js";
import { readInput } from "../io/read-input.js";

/** The model that ships in the repository. */
export const shippedModel = "models/ravdess-best.onnx";

/** Returns a recognizer for the artifact at `path`; the caller closes it. @throws UndertoneError `file/*`, `artifact/*`, `onnx/*`, `features/encoder-*`. */
export async function openModel(path: string = shippedPath(shippedModel)): Promise<Recognizer> {
  const bytes = await readInput(path);
  try {
    return await openRecognizer(bytes, nodeEncoderResources(dirname(path)));
  } catch (error) {
    if (!isUndertoneError(error, "artifact/not-an-artifact")) throw error;
    throw new UndertoneError(error.code, error.message.replace(/^This/, `'${path}'`), { cause: error });
  }
}
