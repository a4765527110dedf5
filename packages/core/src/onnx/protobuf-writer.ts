/** Writes the protocol buffers wire format (protobuf.dev/programming-guides/encoding). */

/** Collects the fields of one message. */
export interface ProtoWriter {
  /** Writes an int32, int64, enum or bool; negative numbers take ten bytes, as protobuf asks. */
  varint(field: number, value: number | bigint): void;
  /** Writes a 32-bit float. */
  float(field: number, value: number): void;
  bytes(field: number, value: Uint8Array): void;
  string(field: number, value: string): void;
  /** Writes an embedded message, the fields of which `fill` writes. */
  message(field: number, fill: (child: ProtoWriter) => void): void;
  /** Writes a packed repeated integer; nothing when there are no values. */
  packedVarints(field: number, values: ArrayLike<number | bigint>): void;
  /** Writes a packed repeated float; nothing when there are no values. */
  packedFloats(field: number, values: Float32Array): void;
  /** Appends one integer without a tag: an element of a packed field. */
  bareVarint(value: number | bigint): void;
  /** Appends bytes that are already encoded fields. */
  raw(encoded: Uint8Array): void;
  /** Returns the message. */
  finish(): Uint8Array;
}

const encoder = new TextEncoder();

/** Returns an empty message. */
export function protoWriter(): ProtoWriter {
  let buffer = new Uint8Array(64);
  let length = 0;

  const reserve = (more: number): void => {
    if (length + more <= buffer.length) return;
    const grown = new Uint8Array(Math.max(buffer.length * 2, length + more));
    grown.set(buffer.subarray(0, length));
    buffer = grown;
  };
  const putVarint = (value: number | bigint): void => {
    reserve(10);
    if (typeof value === "number" && value >= 0) {
      let rest = value;
      while (rest >= 128) {
        buffer[length++] = (rest % 128) | 128;
        rest = Math.floor(rest / 128);
      }
      buffer[length++] = rest;
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 128n) {
      buffer[length++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    buffer[length++] = Number(rest);
  };
  const putBytes = (value: Uint8Array): void => {
    reserve(value.length);
    buffer.set(value, length);
    length += value.length;
  };
  const tag = (field: number, wire: number): void => putVarint(field * 8 + wire);

  const writer: ProtoWriter = {
    varint(field, value) {
      if (typeof value === "number" && !Number.isSafeInteger(value)) {
        throw new RangeError(`protoWriter: field ${field} got ${value}, expected an integer`);
      }
      tag(field, 0);
      putVarint(value);
    },
    float(field, value) {
      tag(field, 5);
      reserve(4);
      new DataView(buffer.buffer).setFloat32(length, value, true);
      length += 4;
    },
    bytes(field, value) {
      tag(field, 2);
      putVarint(value.length);
      putBytes(value);
    },
    string(field, value) {
      writer.bytes(field, encoder.encode(value));
    },
    message(field, fill) {
      const child = protoWriter();
      fill(child);
      writer.bytes(field, child.finish());
    },
    packedVarints(field, values) {
      if (values.length === 0) return;
      const packed = protoWriter();
      for (let i = 0; i < values.length; i++) packed.bareVarint(values[i]);
      writer.bytes(field, packed.finish());
    },
    packedFloats(field, values) {
      if (values.length === 0) return;
      writer.bytes(field, littleEndianFloats(values));
    },
    bareVarint: putVarint,
    raw: putBytes,
    finish: () => buffer.slice(0, length),
  };
  return writer;
}

function littleEndianFloats(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i], true);
  return bytes;
}
