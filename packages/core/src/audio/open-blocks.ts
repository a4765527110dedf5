/** The samples of an audio file, block by block: what decoding whole files and streaming them have in common. */
import type { AudioBlocks } from "./audio-blocks.js";
import { type ByteSource, readExactly } from "./byte-source.js";
import type { OpenCodec } from "./codec.js";
import { openCompressed } from "./compressed-blocks.js";
import type { DecodeLimits } from "./decode-limits.js";
import { unreadable } from "./name-format.js";
import { openPcm } from "./pcm-file.js";
import { isPcmContainer } from "./read-pcm.js";
import { type AudioContainer, skipId3, sniffContainer } from "./sniff-container.js";

export interface OpenAudioOptions {
  readonly openCodec: OpenCodec;
  /** What messages call the audio. */
  readonly name?: string | undefined;
  /** A whole file that is longer by what it says is refused before it is decoded; nothing is by default. */
  readonly limits?: DecodeLimits | undefined;
  /** Second from which on samples are wanted; those before may be left out where that saves work. */
  readonly start?: number | undefined;
}

/** Bytes from which a container is told, and in which a PCM file's samples usually have begun; behind tags, which may hold pictures, fewer do. */
const [headBytes, leastBytes] = [2 ** 20, 2 ** 16];
const mostHeadBytes = 2 ** 28 + headBytes;

/** Resolves to the first bytes of a file, its tags and what they stand before, and the container that this is. @throws UndertoneError `audio/truncated`. */
export async function readHead(
  source: ByteSource,
  name: string,
): Promise<{ readonly head: Uint8Array; readonly container: AudioContainer | null }> {
  for (let to = Math.min(source.size, headBytes); ; ) {
    const head = await readExactly(source, { from: 0, to, name });
    const tags = skipId3(head);
    const more = Math.min(source.size, mostHeadBytes, Math.max(tags + headBytes, 2 * to));
    if (tags + leastBytes <= to || more <= to) return { head, container: sniffContainer(head) };
    to = more;
  }
}

/** Resolves to the blocks of a file. @throws UndertoneError as `decodeBytes`. */
export async function openAudioBlocks(
  source: ByteSource,
  { name = "The audio", ...options }: OpenAudioOptions,
): Promise<AudioBlocks> {
  const { head, container } = await readHead(source, name);
  if (container === null) throw unreadable(head, name);
  return isPcmContainer(container)
    ? openPcm(source, { ...options, head, container, name })
    : openCompressed(source, { ...options, head, container, name });
}
