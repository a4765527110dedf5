/** A file whose bytes are read as they are wanted. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { ByteSource } from "@undertone/core/audio";
import { UndertoneError } from "@undertone/core/errors";
import { fileError } from "./file-error.js";

/** An open file; `close` lets go of it. */
export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/** Opens a file for reading. A pipe would wait for its writer, and the process, too, when it is to end: this does not. */
export function openAtOnce(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
}

/** Opens an audio file. @throws UndertoneError `file/not-found`, `file/unreadable` for folders, devices and pipes, which might never end. */
export async function openFileSource(path: string): Promise<FileSource> {
  try {
    const file = await openAtOnce(path);
    try {
      const info = await file.stat();
      const wrong = info.isDirectory() ? "folder" : info.isFile() ? null : "device or pipe";
      if (wrong !== null)
        throw new UndertoneError("file/unreadable", `'${path}' is a ${wrong}, expected an audio file.`);
      return {
        size: info.size,
        async read(from, to) {
          const bytes = new Uint8Array(to - from);
          let at = 0;
          try {
            // One read may give less than was asked for.
            while (at < bytes.length) {
              const { bytesRead } = await file.read(bytes, at, bytes.length - at, from + at);
              if (bytesRead === 0) break;
              at += bytesRead;
            }
          } catch (error) {
            throw fileError(error, path);
          }
          return bytes.subarray(0, at);
        },
        close: () => file.close(),
      };
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    throw fileError(error, path);
  }
}
