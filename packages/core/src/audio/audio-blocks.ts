/** The samples of an audio file, block by block. */
import type { AudioContainer } from "./sniff-container.js";

/** An opened file. */
export interface AudioBlocks {
  readonly container: AudioContainer;
  /** Hz, the file's own. */
  readonly sampleRate: number;
  /** Length in seconds that the file states, undefined when it does not. */
  readonly seconds: number | undefined;
  /** Sentences about headers that were not taken at their word. */
  readonly remarks: readonly string[];
  /** The magnitude that counts as clipped. */
  readonly clipLevel: number;
  /** Number of the first sample that the blocks give. */
  readonly firstFrame: number;
  /** Part of the bytes that were read, 0 to 1. */
  readonly progress: number;
  /** Gives the samples once, an array for each channel, which may be used again for the next block. @throws UndertoneError as `decodeBytes`. */
  blocks(): AsyncGenerator<readonly Float32Array[]>;
  /** Lets go of the decoder. */
  close(): Promise<void>;
}
