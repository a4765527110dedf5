/** What a feature set is: a versioned recipe from a waveform to named numbers. */
import type { Waveform } from "../audio/waveform.js";
import type { Matrix } from "../math/matrix.js";
import type { FeatureStream, FeatureStreamOptions } from "./feature-stream.js";
import type { FeatureWindows, FeatureWindowsOptions } from "./feature-windows.js";
import type { SpeechFrames } from "./speech-frames.js";

/** What is known of a feature set before it is opened. */
export interface FeatureSetFacts {
  /** Versioned id such as `seed-v1`; any change of a value is a new id. */
  readonly id: string;
  /** One row a frame (`lld`, `embedding`) or one row a waveform (`functionals`). */
  readonly level: "lld" | "functionals" | "embedding";
  /** Column names, in the order of `extract`'s columns. */
  readonly names: readonly string[];
  /** The rate in Hz that `extract` expects; callers resample. */
  readonly sampleRate: number;
  /** Whether the values stay the same when the recording is louder or quieter. */
  readonly levelFree: boolean;
  /** What stands before its names beside other sets, where the id is too long for that. */
  readonly shortId?: string;
}

/** A versioned recipe from a waveform to named numbers, the same in training, server and browser. */
export interface FeatureSet extends FeatureSetFacts {
  /**
   * Returns rows × names.length features; always finite.
   * @throws UndertoneError `audio/bad-sample-rate`, `audio/empty`, `audio/too-short`, `audio/silent` (no frame above the
   * silence floor) or `audio/not-finite`.
   */
  extract(wave: Waveform): Matrix;
  /** Sets of frames only: opens a stream that gives the same rows piece by piece. */
  openStream?(options?: FeatureStreamOptions): FeatureStream;
  /** Sets of one row that is made of `SpeechFrames`: opens their windows over such frames. */
  openWindows?(frames: SpeechFrames, options?: FeatureWindowsOptions): FeatureWindows;
}
