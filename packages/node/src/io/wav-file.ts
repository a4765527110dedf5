/** A WAV file piece by piece. */
import { open } from "node:fs/promises";
import { openWavStream, type WavStream } from "@undertone/core/audio";
import { fileError } from "./file-error.js";

/** A stream and the file under it, which `close` lets go of. */
export interface WavFile extends WavStream {
  close(): Promise<void>;
}

/**
 * Resolves to the stream of a WAV file, or to undefined for a file that is to be decoded whole (`openWavStream`).
 * @throws UndertoneError `file/not-found`, `file/unreadable`, `file/busy`, and what `openWavStream` throws.
 */
export async function openWavFile(path: string): Promise<WavFile | undefined> {
  try {
    const file = await open(path);
    let stream: WavStream | undefined;
    try {
      const { size } = await file.stat();
      const read = async (from: number, to: number): Promise<Uint8Array> => {
        const bytes = new Uint8Array(to - from);
        let at = 0;
        // One read may give less than was asked for.
        while (at < bytes.length) {
          const { bytesRead } = await file.read(bytes, at, bytes.length - at, from + at);
          if (bytesRead === 0) break;
          at += bytesRead;
        }
        return bytes.subarray(0, at);
      };
      stream = await openWavStream({ size, read }, { name: path });
    } finally {
      if (!stream) await file.close();
    }
    return stream && { ...stream, close: () => file.close() };
  } catch (error) {
    throw fileError(error, path);
  }
}
