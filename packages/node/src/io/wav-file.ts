/** A WAV file piece by piece. */
import { open } from "node:fs/promises";
import { type AudioStream, openAudioStream, sniffContainer } from "@undertone/core/audio";
import { fileError } from "./file-error.js";

/**
 * Resolves to the stream of a WAV file, or to undefined for a file that is to be decoded in an `AudioPool`.
 * @throws UndertoneError `file/not-found`, `file/unreadable`, `file/busy`, and what `openAudioStream` throws.
 */
export async function openWavFile(path: string): Promise<AudioStream | undefined> {
  try {
    const file = await open(path);
    let stream: AudioStream | undefined;
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
      if (sniffContainer(await read(0, Math.min(size, 65536))) !== "wav") return undefined;
      const openCodec = (): never => {
        throw new TypeError("WAV needs no decoder.");
      };
      stream = await openAudioStream({ size, read }, { name: path, openCodec });
    } finally {
      if (!stream) await file.close();
    }
    return Object.assign(Object.create(stream) as AudioStream, { close: () => file.close() });
  } catch (error) {
    throw fileError(error, path);
  }
}
