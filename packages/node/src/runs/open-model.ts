/** Opens an artifact from a file, the shipped model by default. */

import { readFile } from "node:fs/promises";
import { openRecognizer, type Recognizer, UndertoneError } from "@undertone/core";
import { nodeRuntime } from "../runtime/node-runtime.js";
import { shippedPath } from "./places.js";

/** The model that ships in the repository. */
export const shippedModel = "models/ravdess.onnx";

/** Returns the bytes of an artifact file. @throws UndertoneError `file/not-found` or `file/unreadable`. */
export async function readModelFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UndertoneError(
      code === "ENOENT" ? "file/not-found" : "file/unreadable",
      `Cannot read the model '${path}' (${code}), expected an .onnx artifact`,
      { cause: error },
    );
  }
}

/** Returns a recognizer for the artifact at `path`; the caller closes it. @throws UndertoneError `file/*`, `artifact/*`, `onnx/*`. */
export async function openModel(path: string = shippedPath(shippedModel)): Promise<Recognizer> {
  return openRecognizer(await readModelFile(path), { runtime: nodeRuntime() });
}
