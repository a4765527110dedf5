/** Opens a file for decoding piece by piece. */
import { decodeBytes, defaultDecodeLimits, openWavStream } from "@undertone/core/audio";
import { UndertoneError } from "@undertone/core/errors";
import { openCodec } from "./open-codec.js";

/** A file that is decoded as it is read. */
export interface OpenAudio {
  /** Hz, the file's own. */
  readonly sampleRate: number;
  /** What the container says, undefined where it does not. */
  readonly seconds: number | undefined;
  /** The part of the file that was read, 0..1. */
  readonly progress: number;
  /** Gives the samples from the first to the last, mixed to mono. @throws UndertoneError `audio/*`. */
  pieces(): AsyncGenerator<Float32Array>;
  close(): Promise<void>;
}

/** Resolves to the audio in a file. @throws UndertoneError `audio/*`, `file/unreadable`. */
export async function openAudio(file: Blob, name: string): Promise<OpenAudio> {
  const source = { size: file.size, read: (from: number, to: number) => readBlob(file, from, to) };
  const wav = await openWavStream(source, { name });
  if (wav) return { ...wav, progress: 0, close: async () => undefined };
  const { wave } = await decodeBytes(await source.read(0, file.size), {
    limits: defaultDecodeLimits,
    name,
    openCodec,
  });
  return {
    sampleRate: wave.sampleRate,
    seconds: wave.samples.length / wave.sampleRate,
    progress: 0,
    async *pieces() {
      yield wave.samples;
    },
    close: async () => undefined,
  };
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
