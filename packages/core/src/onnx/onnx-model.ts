/** An ONNX model as data: the part of onnx.proto (IR version 8) that Undertone reads and writes. */

/** Element types of tensors, by their number in `TensorProto.DataType`. */
export const dataTypes = {
  float32: { code: 1, bytes: 4 },
  uint8: { code: 2, bytes: 1 },
  int8: { code: 3, bytes: 1 },
  uint16: { code: 4, bytes: 2 },
  int16: { code: 5, bytes: 2 },
  int32: { code: 6, bytes: 4 },
  int64: { code: 7, bytes: 8 },
  bool: { code: 9, bytes: 1 },
  float16: { code: 10, bytes: 2 },
  float64: { code: 11, bytes: 8 },
  uint32: { code: 12, bytes: 4 },
  uint64: { code: 13, bytes: 8 },
  bfloat16: { code: 16, bytes: 2 },
} as const;

export type DataType = keyof typeof dataTypes;

/** A constant tensor; `data` is little-endian, row-major, product(dims) elements. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}

/** Name, element type and shape of a graph input or output. */
export interface OnnxValue {
  readonly name: string;
  readonly type: DataType;
  /** A size, a symbol such as `N`, or null for a size that is not told; absent when not even the rank is. */
  readonly dims?: readonly (number | string | null)[];
}

/** The value of a node's attribute; integers are exact, so bigint. */
export type OnnxAttribute =
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "int"; readonly value: bigint }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "tensor"; readonly value: OnnxTensor }
  | { readonly type: "graph"; readonly value: OnnxGraph }
  | { readonly type: "floats"; readonly value: Float32Array }
  | { readonly type: "ints"; readonly value: BigInt64Array }
  | { readonly type: "strings"; readonly value: readonly string[] };

/** One operator of a graph; an empty name among `inputs` is an input left out. */
export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  /** Empty for the standard operators, `ai.onnx.ml` for the classical models. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** Operators in an order in which they can run. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** A whole model. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producer: string;
  /** Operator domain -> version. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly graph: OnnxGraph;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Returns a float32 tensor; the values are copied. */
export function float32Tensor(name: string, dims: readonly number[], values: ArrayLike<number>): OnnxTensor {
  expectLength(name, dims, values.length);
  const data = new Uint8Array(values.length * 4);
  const view = new DataView(data.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i], true);
  return { name, type: "float32", dims: [...dims], data };
}

/** Returns a float64 tensor; the values are copied. */
export function float64Tensor(name: string, dims: readonly number[], values: ArrayLike<number>): OnnxTensor {
  expectLength(name, dims, values.length);
  const data = new Uint8Array(values.length * 8);
  const view = new DataView(data.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i], true);
  return { name, type: "float64", dims: [...dims], data };
}

/** Returns an int64 tensor, as shapes, axes and indices are. */
export function int64Tensor(name: string, dims: readonly number[], values: ArrayLike<number>): OnnxTensor {
  expectLength(name, dims, values.length);
  const data = new Uint8Array(values.length * 8);
  const view = new DataView(data.buffer);
  for (let i = 0; i < values.length; i++) view.setBigInt64(8 * i, BigInt(values[i]), true);
  return { name, type: "int64", dims: [...dims], data };
}

/**
 * Returns the values of a float32 tensor.
 * @throws TypeError for another element type.
 */
export function float32Values(tensor: OnnxTensor): Float32Array {
  if (tensor.type !== "float32") throw new TypeError(`float32Values: '${tensor.name}' is ${tensor.type}`);
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.length);
  return Float32Array.from({ length: tensor.data.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/**
 * Returns the values of an int64 tensor.
 * @throws TypeError for another element type.
 */
export function int64Values(tensor: OnnxTensor): BigInt64Array {
  if (tensor.type !== "int64") throw new TypeError(`int64Values: '${tensor.name}' is ${tensor.type}`);
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.length);
  return BigInt64Array.from({ length: tensor.data.length / 8 }, (_, i) => view.getBigInt64(8 * i, true));
}

function expectLength(name: string, dims: readonly number[], length: number): void {
  const wanted = dims.reduce((product, dim) => product * dim, 1);
  if (wanted !== length)
    throw new RangeError(`Tensor '${name}' got ${length} values for [${dims.join(", ")}]`);
}
