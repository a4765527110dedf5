/** Opens a file for decoding piece by piece. */
import { type AudioStream, openAudioStream } from "@undertone/core/audio";
import { UndertoneError } from "@undertone/core/errors";
import { openCodec } from "./open-codec.js";

/** Resolves to the audio in a file, whose name messages mention. @throws UndertoneError `audio/*`, `file/unreadable`. */
export function openAudio(file: Blob, name: string): Promise<AudioStream> {
  const source = { size: file.size, read: (from: number, to: number) => readBlob(file, from, to) };
  return openAudioStream(source, { name, openCodec });
}

async function readBlob(file: Blob, from: number, to: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(from, to).arrayBuffer());
  } catch (cause) {
    throw new UndertoneError(
      "file/unreadable",
      "This file cannot be read any more, expected one that stays where it is while it is heard",
      { cause },
    );
  }
}
