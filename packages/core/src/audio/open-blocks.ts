/** The samples of an audio file, block by block: what decoding whole files and streaming them have in common. */
import type { AudioBlocks } from "./audio-blocks.js";
import { type ByteSource, readExactly } from "./byte-source.js";
import type { OpenCodec } from "./codec.js";
import { openCompressed } from "./compressed-blocks.js";
import type { DecodeLimits } from "./decode-limits.js";
import { unreadable } from "./name-format.js";
import { openPcm } from "./pcm-file.js";
import { isPcmContainer } from "./read-pcm.js";
import { sniffContainer } from "./sniff-container.js";

export interface OpenAudioOptions {
  readonly openCodec: OpenCodec;
  /** What messages call the audio. */
  readonly name?: string | undefined;
  /** A whole file that is longer by what it says is refused before it is decoded; nothing is by default. */
  readonly limits?: DecodeLimits | undefined;
  /** Second from which on samples are wanted; those before may be left out where that saves work. */
  readonly start?: number | undefined;
}

/** Bytes from which a container is told, and in which a PCM file's samples usually have begun. */
const headBytes = 2 ** 20;

/** Resolves to the blocks of a file. @throws UndertoneError as `decodeBytes`. */
export async function openAudioBlocks(
  source: ByteSource,
  { name = "The audio", ...options }: OpenAudioOptions,
): Promise<AudioBlocks> {
  const head = await readExactly(source, { from: 0, to: Math.min(source.size, headBytes), name });
  const container = sniffContainer(head);
  if (container === null) throw unreadable(head, name);
  return isPcmContainer(container)
    ? openPcm(source, { ...options, head, container, name })
    : openCompressed(source, { ...options, head, container, name });
}
