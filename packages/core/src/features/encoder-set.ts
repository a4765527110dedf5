/** Feature sets that need a network from a file which Undertone does not carry itself, and what opening them takes. */
import type { Waveform } from "../audio/waveform.js";
import type { Denoiser } from "../condition/conditioner.js";
import type { Matrix } from "../math/matrix.js";
import type { EncoderFile, EncoderFiles } from "../onnx/encoder-file.js";
import type { GraphBuilder } from "../onnx/graph-builder.js";
import type { FeatureSetFacts } from "./feature-set.js";
import type { FeatureStream, FeatureStreamOptions } from "./feature-stream.js";
import type { FeatureWindows, FeatureWindowsOptions } from "./feature-windows.js";
import type { SpeechFrames } from "./speech-frames.js";

/** What the outside world gives to feature sets that run a network. */
export interface EncoderResources extends EncoderFiles {
  /** RNNoise, for sets that are conditioned by it. */
  denoiser?(): Promise<Denoiser>;
}

/** A feature set ready to extract; a plain one is open from the start. */
export interface OpenFeatureSet extends FeatureSetFacts {
  /** Returns rows × names.length features as `FeatureSet.extract` does; calls may overlap. */
  extract(wave: Waveform): Matrix | Promise<Matrix>;
  /** Sets of frames only: opens a stream that gives the same rows piece by piece. */
  openStream?(options?: FeatureStreamOptions): FeatureStream;
  /** Sets of one row that is made of `SpeechFrames`: opens their windows over such frames. */
  openWindows?(frames: SpeechFrames, options?: FeatureWindowsOptions): FeatureWindows;
  /** Releases the network, if there is one. */
  close?(): Promise<void>;
}

/** A feature set that has to be opened: `openFeatureSet(id, resources)` does it. */
export interface EncoderSet extends FeatureSetFacts {
  /** The files that it needs. */
  readonly files: readonly EncoderFile[];
  /** @throws UndertoneError `features/encoder-missing`, `features/encoder-mismatch`, `runtime/unavailable`. */
  open(resources: EncoderResources): Promise<OpenFeatureSet>;
  /**
   * Sets of one row that a graph can compute: adds nodes that turn each wave, [1, samples] at the set's rate, into the set's row, [1, names], and returns the
   * rows' names. Constants are shared between the waves. Checks are left out: the wave must be one that `extract` takes.
   * @throws UndertoneError `features/encoder-*`, `onnx/*`.
   */
  emit?(graph: GraphBuilder, waves: readonly string[], resources: EncoderResources): Promise<string[]>;
}
