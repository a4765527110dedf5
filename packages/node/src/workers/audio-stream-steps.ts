/** The stream that is open in this thread, taken step by step. */
import {
  type AudioStream,
  type OpenCodec,
  openAudioStream,
  type ResampleStream,
  resampleStream,
  sourceOfBytes,
} from "@undertone/core/audio";
import { openFileSource } from "../io/file-source.js";
import type { OpenStreamJob, StreamFacts, StreamPiece } from "./audio-job.js";

interface Opened {
  readonly stream: AudioStream;
  readonly pieces: AsyncGenerator<Float32Array>;
  readonly resampled: ResampleStream;
  close(): Promise<void>;
}

let opened: Opened | undefined;

/** Opens the stream that `nextPiece` takes from. @throws UndertoneError as `openAudioStream`, `file/*`. */
export async function openStream(
  { file, start, end, sampleRate }: OpenStreamJob,
  openCodec: OpenCodec,
): Promise<StreamFacts> {
  await closeStream();
  const source = typeof file === "string" ? await openFileSource(file) : undefined;
  const name = typeof file === "string" ? `'${file}'` : undefined;
  try {
    const stream = await openAudioStream(source ?? sourceOfBytes(file as Uint8Array), {
      name,
      start,
      end,
      openCodec,
    });
    const rate = sampleRate ?? stream.sampleRate;
    opened = {
      stream,
      pieces: stream.pieces(),
      resampled: resampleStream(stream.sampleRate, rate),
      async close() {
        await stream.close().finally(() => source?.close());
      },
    };
    const { container, seconds, remarks } = stream;
    return { container, sampleRate: rate, seconds, remarks };
  } catch (error) {
    await source?.close();
    throw error;
  }
}

/** Resolves to the next piece; the last one lets go of the file. */
export async function nextPiece(): Promise<StreamPiece> {
  while (opened) {
    const { stream, pieces, resampled } = opened;
    const next = await pieces.next();
    const piece = next.done ? resampled.finish() : resampled.push(next.value);
    const { progress } = stream;
    if (next.done) await closeStream();
    // What other pieces go on with, such as the samples of a caller's array, must not be handed over.
    if (piece.length > 0)
      return { piece: piece.byteLength === piece.buffer.byteLength ? piece : piece.slice(), progress };
  }
  return { piece: null, progress: 1 };
}

/** Lets go of the open stream, if there is one. */
export async function closeStream(): Promise<null> {
  const closing = opened;
  opened = undefined;
  await closing?.close();
  return null;
}
