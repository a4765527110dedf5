/** What goes between an `AudioPool` and its worker threads. */
import type { AudioStream, AugmentStep, DecodeLimits, Waveform } from "@undertone/core/audio";
import type { Matrix } from "@undertone/core/math";
import type { DecodedAudio } from "./audio-pool.js";

/** Steps of `augment` and the seed of their chance; recordings are named by their path. */
export interface AugmentJob {
  readonly steps: readonly AugmentStep[];
  readonly seed: string;
}

/** One piece of work: a file, or a step of a stream in a thread that is held for it. */
export type AudioJob = FileJob | OpenStreamJob | StreamStep;

/** Opens a stream, which stays open in the thread. */
export interface OpenStreamJob extends Pick<FileJob, "file" | "start" | "end" | "sampleRate"> {
  readonly step: "open";
}

/** Asks for the next piece of the open stream, or closes it. */
export interface StreamStep {
  readonly step: "next" | "close";
  /** The stream's path, for messages; undefined when it is of bytes. */
  readonly file: string | undefined;
}

/** A file to decode, or to extract features of. */
export interface FileJob {
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
export type DecodedMessage = Waveform & Omit<DecodedAudio, "wave">;

/** What an opened stream says. */
export type StreamFacts = Pick<AudioStream, "container" | "sampleRate" | "seconds" | "remarks">;

/** A piece of a stream, none behind the last. */
export interface StreamPiece {
  readonly piece: Float32Array | null;
  readonly progress: number;
}

/** The answer to a `FileJob`: the audio, or its features when it names a set. */
export type FileAnswer = DecodedMessage | Matrix;

/** The answer to any job; to the steps of a stream its facts, then pieces, at last nothing. */
export type AudioAnswer = FileAnswer | StreamFacts | StreamPiece | null;
