/** Opens an artifact from a file, the shipped model by default. */

import { dirname } from "node:path";
import { openRecognizer, type Recognizer } from "@undertone/core/artifact";
import { nodeEncoderResources } from "../encoders/encoder-resources.js";
import { shippedPath } from "../io/places.js";
import { readInput } from "../io/read-input.js";

/** The model that ships in the repository. */
export const shippedModel = "models/ravdess-best.onnx";

/** Returns a recognizer for the artifact at `path`; the caller closes it. @throws UndertoneError `file/*`, `artifact/*`, `onnx/*`, `features/encoder-*`. */
export async function openModel(path: string = shippedPath(shippedModel)): Promise<Recognizer> {
  return openRecognizer(await readInput(path), nodeEncoderResources(dirname(path)));
}
