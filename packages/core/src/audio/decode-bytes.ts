/** From the bytes of an audio file to mono samples: the same steps in Node and in the browser, whoever supplies the codecs. */
import { UndertoneError } from "../errors.js";
import { sourceOfBytes } from "./byte-source.js";
import type { OpenCodec } from "./codec.js";
import type { DecodeLimits } from "./decode-limits.js";
import { type CollectedAudio, monoCollector, type Span } from "./mono-collector.js";
import { openAudioBlocks } from "./open-blocks.js";
import type { AudioContainer } from "./sniff-container.js";

export interface DecodeBytesOptions extends Span {
  readonly limits: DecodeLimits;
  /** Opens a decoder; called for compressed files only, so that WAV and AIFF load none. */
  readonly openCodec: OpenCodec;
  /** What messages call the audio. */
  readonly name?: string | undefined;
}

/** Decoded audio at its own sample rate. */
export interface DecodedBytes extends CollectedAudio {
  readonly container: AudioContainer;
  /** Sentences about headers that were less true than the data. */
  readonly remarks: readonly string[];
}

/**
 * Returns the audio in `bytes`, mixed to mono, at its own sample rate; with `start` or `end` (seconds) only that span.
 * Memory is bound by the file and the limits, never by what a header claims.
 * @throws UndertoneError `audio/empty`, `audio/not-audio`, `audio/unsupported`, `audio/truncated`, `audio/too-long`,
 * `audio/too-large`, `audio/too-short`, `audio/not-finite`, `audio/bad-sample-rate` or `audio/bad-channel-count`.
 */
export async function decodeBytes(bytes: Uint8Array, options: DecodeBytesOptions): Promise<DecodedBytes> {
  const { name = "The audio", limits, openCodec } = options;
  if (bytes.length > limits.maxBytes) {
    throw new UndertoneError(
      "audio/too-large",
      `${name} has ${bytes.length} bytes, more than the limit of ${limits.maxBytes} (maxBytes).`,
    );
  }
  const opened = await openAudioBlocks(sourceOfBytes(bytes), { name, limits, openCodec });
  const { container, sampleRate, clipLevel, remarks } = opened;
  try {
    const collector = monoCollector(name, { ...options, sampleRate, clipLevel });
    for await (const block of opened.blocks()) collector.add(block);
    return { ...collector.finish(), container, remarks };
  } finally {
    await opened.close();
  }
}
