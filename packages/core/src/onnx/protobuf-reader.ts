/** Reads the protocol buffers wire format, trusting nothing that the bytes say. */
import { UndertoneError } from "../errors.js";

/** One field of a message; the object is reused for the next field, so take what you need from it. */
export interface ProtoField {
  number: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  wire: number;
  /** The bytes of the value; for a varint the bytes of its encoding. */
  bytes: Uint8Array;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Returns the error for bytes that are not what they claim to be. */
export function invalidOnnx(what: string): UndertoneError {
  return new UndertoneError("onnx/invalid", `Not a valid ONNX model: ${what}`);
}

/**
 * Calls `visit` for every field of a message.
 * @throws UndertoneError `onnx/invalid` when a tag, a length or a varint does not fit the bytes.
 */
export function forEachField(bytes: Uint8Array, visit: (field: ProtoField) => void): void {
  const field: ProtoField = { number: 0, wire: 0, bytes };
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) {
      throw invalidOnnx(`field ${field.number} claims ${length} bytes, ${bytes.length - at} are left`);
    }
    const taken = bytes.subarray(at, at + length);
    at += length;
    return taken;
  };
  const length = (): number => {
    const start = at;
    at = varintEnd(bytes, at);
    return smallVarint(bytes, start, at);
  };
  while (at < bytes.length) {
    const tag = length();
    field.number = Math.floor(tag / 8);
    field.wire = tag % 8;
    if (field.number === 0 || field.number > 0x1fffffff)
      throw invalidOnnx(`got field number ${field.number}`);
    if (field.wire === 0) {
      const start = at;
      at = varintEnd(bytes, at);
      field.bytes = bytes.subarray(start, at);
    } else if (field.wire === 1) field.bytes = take(8);
    else if (field.wire === 2) field.bytes = take(length());
    else if (field.wire === 5) field.bytes = take(4);
    else throw invalidOnnx(`got wire type ${field.wire}, expected 0, 1, 2 or 5`);
    visit(field);
  }
}

/** Returns the index behind the varint that starts at `at`. */
function varintEnd(bytes: Uint8Array, at: number): number {
  const limit = Math.min(bytes.length, at + 10);
  for (let i = at; i < limit; i++) if (bytes[i] < 128) return i + 1;
  throw invalidOnnx(
    limit === bytes.length ? "the bytes end inside a number" : "a number is longer than ten bytes",
  );
}

/** Returns an unsigned varint; values that a double cannot hold come out as Infinity, which no length check passes. */
function smallVarint(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let scale = 1;
  for (let i = start; i < end; i++) {
    value += (bytes[i] & 127) * scale;
    scale *= 128;
  }
  return value > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : value;
}

function bigVarint(bytes: Uint8Array, start: number, end: number): bigint {
  if (end - start < 8) return BigInt(smallVarint(bytes, start, end));
  let value = 0n;
  for (let i = end - 1; i >= start; i--) value = (value << 7n) | BigInt(bytes[i] & 127);
  return BigInt.asIntN(64, value);
}

function expectWire(field: ProtoField, wire: number): void {
  if (field.wire !== wire)
    throw invalidOnnx(`field ${field.number} has wire type ${field.wire}, expected ${wire}`);
}

/** Returns the field as int64. */
export function fieldBigint(field: ProtoField): bigint {
  expectWire(field, 0);
  return bigVarint(field.bytes, 0, field.bytes.length);
}

/**
 * Returns the field as an integer that a double holds.
 * @throws UndertoneError `onnx/invalid` beyond ±2^53.
 */
export function fieldInteger(field: ProtoField): number {
  const value = Number(fieldBigint(field));
  if (!Number.isSafeInteger(value))
    throw invalidOnnx(`field ${field.number} holds ${value}, which is out of range`);
  return value;
}

/** Returns the field as a 32-bit float. */
export function fieldFloat(field: ProtoField): number {
  expectWire(field, 5);
  return new DataView(field.bytes.buffer, field.bytes.byteOffset, 4).getFloat32(0, true);
}

/** Returns the field's bytes as a view. */
export function fieldBytes(field: ProtoField): Uint8Array {
  expectWire(field, 2);
  return field.bytes;
}

/** Returns the field as text; it must be UTF-8. */
export function fieldString(field: ProtoField): string {
  expectWire(field, 2);
  try {
    return decoder.decode(field.bytes);
  } catch {
    throw invalidOnnx(`field ${field.number} is not UTF-8 text`);
  }
}

/** The most values of one list: a byte of the file may become dozens in memory. Writers put longer lists into raw bytes. */
const mostIntegers = 2 ** 21;

/** Appends the int64 values of a repeated field, packed or not. */
export function appendBigints(values: bigint[], field: ProtoField): void {
  const push = (value: bigint): void => {
    if (values.length >= mostIntegers)
      throw invalidOnnx(`field ${field.number} lists more than ${mostIntegers} integers`);
    values.push(value);
  };
  if (field.wire === 0) {
    push(fieldBigint(field));
    return;
  }
  expectWire(field, 2);
  const { bytes } = field;
  for (let at = 0; at < bytes.length; ) {
    const end = varintEnd(bytes, at);
    push(bigVarint(bytes, at, end));
    at = end;
  }
}

/** Appends the floats of a repeated field, packed or not. */
export function appendFloats(values: number[], field: ProtoField): void {
  if (field.wire === 5) {
    values.push(fieldFloat(field));
    return;
  }
  expectWire(field, 2);
  const { bytes } = field;
  if (bytes.length % 4 !== 0)
    throw invalidOnnx(`field ${field.number} holds ${bytes.length} bytes of floats`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; at += 4) values.push(view.getFloat32(at, true));
}
