/** WAV files piece by piece, so that a recording of any length takes the memory of one piece. */
import { isUndertoneError, UndertoneError } from "../errors.js";
import { checkPcm } from "./decode-bytes.js";
import { mixInto } from "./mix-to-mono.js";
import { pcmBlocks } from "./pcm.js";
import { readWav } from "./read-wav.js";
import { sniffContainer } from "./sniff-container.js";

/** Bytes that are read as they are wanted: a file, a Blob. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** Resolves to the bytes from `from` to `to` (exclusive), which lie within the size. */
  read(from: number, to: number): Promise<Uint8Array>;
}

export interface WavStream {
  /** Hz, the file's own. */
  readonly sampleRate: number;
  readonly seconds: number;
  /** Gives the samples from the first to the last, mixed to mono, as `decodeBytes` does. @throws UndertoneError `audio/not-finite`, `audio/truncated`. */
  pieces(): AsyncGenerator<Float32Array>;
}

/** Bytes in which the samples must have begun: chunks before them are short, unless a picture is among them. */
const headBytes = 2 ** 20;
/** Bytes of samples that are read at a time. */
const pieceBytes = 2 ** 19;

/**
 * Resolves to the stream of a WAV file, or to undefined for other containers and for WAV files whose samples begin after the first MiB, which are to be decoded
 * whole. Nothing limits its length.
 * @throws UndertoneError as `decodeBytes` for WAV, `audio/truncated` for a file that ends before its header says among them.
 */
export async function openWavStream(
  source: ByteSource,
  { name = "The audio" }: { readonly name?: string | undefined } = {},
): Promise<WavStream | undefined> {
  const head = await source.read(0, Math.min(source.size, headBytes));
  if (sniffContainer(head) !== "wav") return undefined;
  const layout = layoutOf(head, source.size, name);
  if (!layout) return undefined;
  checkPcm(layout, name);
  const { sampleRate, frames, frameBytes, offset } = layout;
  const most = Math.max(1, Math.floor(pieceBytes / frameBytes));
  return {
    sampleRate,
    seconds: frames / sampleRate,
    async *pieces() {
      for (let first = 0; first < frames; first += most) {
        const count = Math.min(most, frames - first);
        const from = offset + first * frameBytes;
        const bytes = await source.read(from, from + count * frameBytes);
        if (bytes.length < count * frameBytes) {
          throw new UndertoneError(
            "audio/truncated",
            `${name} became shorter while it was read: ${bytes.length} bytes from byte ${from} on, expected ${count * frameBytes}.`,
          );
        }
        const piece = new Float32Array(count);
        let at = 0;
        for (const block of pcmBlocks(bytes, { ...layout, offset: 0, frames: count })) {
          for (const channel of block) {
            const wrong = channel.findIndex((value) => !Number.isFinite(value));
            if (wrong < 0) continue;
            throw new UndertoneError(
              "audio/not-finite",
              `${name} has the sample ${channel[wrong]} at ${((first + at + wrong) / sampleRate).toFixed(3)} s, expected finite numbers.`,
            );
          }
          mixInto(piece, at, block);
          at += block[0].length;
        }
        yield piece;
      }
    },
  };
}

function layoutOf(head: Uint8Array, fileBytes: number, name: string): ReturnType<typeof readWav> | undefined {
  try {
    return readWav(head, name, { fileBytes });
  } catch (error) {
    const later = head.length < fileBytes && isUndertoneError(error) && error.code === "audio/truncated";
    if (later) return undefined;
    throw error;
  }
}
