/** Adds metadata to an ONNX model without touching the rest of it. */
import { fieldBytes, fieldString, forEachField } from "./protobuf-reader.js";
import { protoWriter } from "./protobuf-writer.js";
import { writeMetadata } from "./write-model.js";

/**
 * Returns the model with the given metadata entries, which replace those of the same keys; every other byte is kept.
 * @throws UndertoneError `onnx/invalid` when the bytes are not protocol buffers.
 */
export function withMetadata(bytes: Uint8Array, metadata: Readonly<Record<string, string>>): Uint8Array {
  const out = protoWriter();
  forEachField(bytes, (field) => {
    if (field.number === 14 && Object.hasOwn(metadata, entryKey(fieldBytes(field)))) return;
    if (field.wire === 2) out.bytes(field.number, field.bytes);
    else {
      out.bareVarint(field.number * 8 + field.wire);
      out.raw(field.bytes);
    }
  });
  for (const [key, value] of Object.entries(metadata)) writeMetadata(out, key, value);
  return out.finish();
}

function entryKey(bytes: Uint8Array): string {
  let key = "";
  forEachField(bytes, (field) => {
    if (field.number === 1) key = fieldString(field);
  });
  return key;
}
