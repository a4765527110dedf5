/** Reads a file that the user named. */
import { readFile } from "node:fs/promises";
import { fileError } from "./file-error.js";

/** Resolves to the bytes of a file. @throws UndertoneError `file/not-found`, `file/unreadable` or `file/busy`. */
export async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(error, path);
  }
}
