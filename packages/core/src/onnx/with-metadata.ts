/** Replaces what stands beside the graph of an ONNX model without touching the rest of it. */
import { fieldBytes, fieldString, forEachField, type ProtoField } from "./protobuf-reader.js";
import { type ProtoWriter, protoWriter } from "./protobuf-writer.js";
import { writeMetadata } from "./write-model.js";

/**
 * Returns the model with the given metadata entries, which replace those of the same keys; every other byte is kept.
 * @throws UndertoneError `onnx/invalid` when the bytes are not protocol buffers.
 */
export function withMetadata(bytes: Uint8Array, metadata: Readonly<Record<string, string>>): Uint8Array {
  const out = without(
    bytes,
    (field) => field.number === 14 && Object.hasOwn(metadata, entryKey(fieldBytes(field))),
  );
  for (const [key, value] of Object.entries(metadata)) writeMetadata(out, key, value);
  return out.finish();
}

/**
 * Returns the model with `value` as the only top-level field of that number; every other byte is kept.
 * @throws UndertoneError `onnx/invalid` when the bytes are not protocol buffers.
 */
export function withField(bytes: Uint8Array, number: number, value: Uint8Array): Uint8Array {
  const out = without(bytes, (field) => field.number === number);
  out.bytes(number, value);
  return out.finish();
}

/** Returns a message's fields but those that are dropped. */
function without(bytes: Uint8Array, isDropped: (field: ProtoField) => boolean): ProtoWriter {
  const out = protoWriter();
  forEachField(bytes, (field) => {
    if (isDropped(field)) return;
    if (field.wire === 2) out.bytes(field.number, field.bytes);
    else {
      out.bareVarint(field.number * 8 + field.wire);
      out.raw(field.bytes);
    }
  });
  return out;
}

function entryKey(bytes: Uint8Array): string {
  let key = "";
  forEachField(bytes, (field) => {
    if (field.number === 1) key = fieldString(field);
  });
  return key;
}
