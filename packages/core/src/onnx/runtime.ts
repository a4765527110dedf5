/** What core asks of an ONNX runtime; `undertone` and `@undertone/browser` provide it. */

/** A dense tensor; `data.length` is the product of `dims`. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array | Int32Array | Uint8Array;
}

/** A loaded graph. */
export interface OnnxSession {
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
