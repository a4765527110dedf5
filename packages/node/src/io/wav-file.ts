/** A WAV file piece by piece. */
import { type AudioStream, openAudioStream, sniffContainer } from "@undertone/core/audio";
import { openFileSource } from "./file-source.js";

/**
 * Resolves to the stream of a WAV file, or to undefined for a file that is to be decoded in an `AudioPool`.
 * @throws UndertoneError `file/not-found`, `file/unreadable`, `file/busy`, and what `openAudioStream` throws.
 */
export async function openWavFile(path: string): Promise<AudioStream | undefined> {
  const file = await openFileSource(path);
  let stream: AudioStream | undefined;
  try {
    if (sniffContainer(await file.read(0, Math.min(file.size, 65536))) !== "wav") return undefined;
    const openCodec = (): never => {
      throw new TypeError("WAV needs no decoder.");
    };
    stream = await openAudioStream(file, { name: path, openCodec });
  } finally {
    if (!stream) await file.close();
  }
  return Object.assign(Object.create(stream) as AudioStream, { close: () => file.close() });
}
