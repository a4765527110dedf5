/** The containers of uncompressed samples, which need no decoder. */
import type { PcmLayout } from "./pcm.js";
import { readAiff } from "./read-aiff.js";
import { readAu } from "./read-au.js";
import { readCaf } from "./read-caf.js";
import { readW64 } from "./read-w64.js";
import { readWav } from "./read-wav.js";
import type { AudioContainer } from "./sniff-container.js";

const readers = { wav: readWav, aiff: readAiff, au: readAu, caf: readCaf, w64: readW64 } as const;

export type PcmContainer = keyof typeof readers;

/** Returns whether a container holds samples as they are. */
export function isPcmContainer(container: AudioContainer): container is PcmContainer {
  return container in readers;
}

/** What messages call a file, and its bytes in all where less is at hand. */
export interface PcmFile {
  readonly name: string;
  readonly fileBytes?: number | undefined;
}

/**
 * Returns where the samples of a file lie; `bytes` may be its beginning.
 * @throws UndertoneError `audio/truncated` (headers are missing), `audio/unsupported` (compressed) or `audio/bad-channel-count` (zero).
 */
export function readPcm(bytes: Uint8Array, container: PcmContainer, { name, fileBytes }: PcmFile): PcmLayout {
  return readers[container](bytes, name, { fileBytes });
}
