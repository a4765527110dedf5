/** The samples of an audio file, block by block. */
import type { AudioContainer } from "./sniff-container.js";

/** What an opened file says. */
export interface OpenedAudio {
  readonly container: AudioContainer;
  /** Hz, the file's own. */
  readonly sampleRate: number;
  /** Length in seconds that the file states, undefined when it does not. */
  readonly seconds: number | undefined;
  /** Sentences about headers that were less true than the data. */
  readonly remarks: readonly string[];
  /** Part of the file's bytes that were read so far, 0 to 1. */
  readonly progress: number;
  /** Lets go of the decoder; where all samples were taken that is done. */
  close(): Promise<void>;
}

/** An opened file, as decoding and streaming take it. */
export interface AudioBlocks extends OpenedAudio {
  /** The magnitude that counts as clipped. */
  readonly clipLevel: number;
  /** Number of the first sample that the blocks give. */
  readonly firstFrame: number;
  /** Gives the samples once, an array for each channel, which may be used again for the next block. @throws UndertoneError as `decodeBytes`. */
  blocks(): AsyncGenerator<readonly Float32Array[]>;
}
