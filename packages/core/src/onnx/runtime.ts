/** What core asks of an ONNX runtime; `undertone` and `@undertone/browser` provide it. */

/** A dense tensor; `data.length` is the product of `dims`. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array | Int32Array | Uint8Array;
}

/** What a graph says of one of its inputs. */
export interface SessionInput {
  readonly name: string;
  /** Such as `float32` or `int64`. */
  readonly type: string;
  /** Sizes, or names of sizes that may vary. */
  readonly dims: readonly (number | string)[];
}

/** A loaded graph. */
export interface OnnxSession {
  readonly inputs: readonly SessionInput[];
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Returns the outputs by name. */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
}

/** Something that loads ONNX graphs from bytes. */
export interface OnnxRuntime {
  /** Such as `onnxruntime-node 1.30.0 cpu`. */
  readonly name: string;
  load(model: Uint8Array): Promise<OnnxSession>;
}
