/** Reads `TensorProto`, whichever of its fields holds the values. */
import { UndertoneError } from "../errors.js";
import { type DataType, dataTypes, type OnnxTensor } from "./onnx-model.js";
import {
  appendBigints,
  appendFloats,
  fieldBigint,
  fieldBytes,
  fieldInteger,
  fieldString,
  forEachField,
  invalidOnnx,
} from "./protobuf-reader.js";

const typeByCode = new Map<number, DataType>(
  Object.entries(dataTypes).map(([type, { code }]) => [code, type as DataType]),
);

/**
 * Returns the element type with this number.
 * @throws UndertoneError `onnx/unsupported` for strings, complex numbers and the types of less than a byte.
 */
export function typeOfCode(code: number, name: string): DataType {
  const type = typeByCode.get(code);
  if (type === undefined) {
    throw new UndertoneError(
      "onnx/unsupported",
      `The value '${name}' has element type ${code}, expected a plain number`,
    );
  }
  return type;
}

/**
 * Returns the tensor; its data are a view on `bytes` where the file holds raw data.
 * @throws UndertoneError `onnx/invalid` when the number of values is not that of the shape; `onnx/unsupported` for
 * external data and for element types beyond plain numbers.
 */
export function readTensor(bytes: Uint8Array): OnnxTensor {
  let name = "";
  let code = 0;
  let raw: Uint8Array | undefined;
  let external = false;
  const dims: bigint[] = [];
  const singles: number[] = [];
  const doubles: Uint8Array[] = [];
  const integers: bigint[] = [];
  forEachField(bytes, (field) => {
    if (field.number === 1) appendBigints(dims, field);
    else if (field.number === 2) code = fieldInteger(field);
    else if (field.number === 4) appendFloats(singles, field);
    else if (field.number === 5 || field.number === 7 || field.number === 11) appendBigints(integers, field);
    else if (field.number === 8) name = fieldString(field);
    else if (field.number === 9) raw = fieldBytes(field);
    else if (field.number === 10) doubles.push(field.bytes);
    else if (field.number === 13) external = true;
    else if (field.number === 14) external ||= fieldBigint(field) !== 0n;
  });
  if (external) {
    throw new UndertoneError(
      "onnx/unsupported",
      `The tensor '${name}' keeps its values in another file, expected them inside the model`,
    );
  }
  const type = typeOfCode(code, name);
  const shape = dims.map(Number);
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (shape.some((dim) => dim < 0) || !Number.isSafeInteger(count)) {
    throw invalidOnnx(`the tensor '${name}' has the shape [${shape.join(", ")}]`);
  }
  const data = raw ?? packed(type, singles, doubles, integers);
  if (data.length !== count * dataTypes[type].bytes) {
    throw invalidOnnx(
      `the tensor '${name}' of shape [${shape.join(", ")}] has ${data.length} bytes of ${type}, expected ${count * dataTypes[type].bytes}`,
    );
  }
  return { name, type, dims: shape, data };
}

/** Returns the values of the typed fields as raw data. */
function packed(
  type: DataType,
  singles: readonly number[],
  doubles: readonly Uint8Array[],
  integers: readonly bigint[],
): Uint8Array {
  const size = dataTypes[type].bytes;
  if (type === "float32") {
    const view = new DataView(new ArrayBuffer(singles.length * 4));
    singles.forEach((value, i) => {
      view.setFloat32(4 * i, value, true);
    });
    return new Uint8Array(view.buffer);
  }
  if (type === "float64") {
    const data = new Uint8Array(doubles.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of doubles) {
      data.set(part, at);
      at += part.length;
    }
    return data;
  }
  const view = new DataView(new ArrayBuffer(8));
  const data = new Uint8Array(integers.length * size);
  integers.forEach((value, i) => {
    view.setBigInt64(0, value, true);
    data.set(new Uint8Array(view.buffer, 0, size), i * size);
  });
  return data;
}
