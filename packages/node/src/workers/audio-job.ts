/** What goes between an `AudioPool` and its worker threads. */
import type { AudioContainer, AugmentStep, DecodeLimits } from "@undertone/core/audio";
import type { Matrix } from "@undertone/core/math";

/** Steps of `augment` and the seed of their chance; recordings are named by their path. */
export interface AugmentJob {
  readonly steps: readonly AugmentStep[];
  readonly seed: string;
}

/** One piece of work. */
export interface AudioJob {
  /** A path, or the bytes themselves. */
  readonly file: string | Uint8Array;
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly limits: DecodeLimits;
  /** Rate in Hz to resample to; undefined leaves the source's. */
  readonly sampleRate: number | undefined;
  /** The feature set to extract instead of returning samples. */
  readonly featureSetId: string | undefined;
  /** What happens to the audio before the features, at the set's rate; undefined for nothing. */
  readonly augment: AugmentJob | undefined;
  /** How fast the audio is played for the features; undefined for 1. */
  readonly speed: number | undefined;
}

/** Plain data about decoded audio; `samples` are handed over, not copied. */
export interface DecodedMessage {
  readonly samples: Float32Array;
  readonly sampleRate: number;
  readonly container: AudioContainer;
  readonly sourceSampleRate: number;
  readonly sourceChannels: number;
  readonly identicalChannels: boolean;
  readonly peak: number;
  readonly clippedSamples: number;
  readonly contentHash: string;
}

/** The answer to an `AudioJob`: the audio, or its features when it names a set. */
export type AudioAnswer = DecodedMessage | Matrix;
