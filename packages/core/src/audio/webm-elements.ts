/** The heads of the elements of a WebM or Matroska file (EBML, RFC 8794). */

/** The head of the element at `at`: its own length and its body's (null when it is left open), or null when the head is not all there. */
export function elementHead(
  bytes: Uint8Array,
  at: number,
): {
  readonly id: number;
  readonly length: number;
  readonly size: number | null;
} | null {
  const id = variableInteger(bytes, at, true);
  const size = id && variableInteger(bytes, at + id.length, false);
  if (!id || !size || id.value === null) return null;
  return { id: id.value, length: id.length + size.length, size: size.value };
}

/** Reads an EBML number: `keepMarker` for ids; the value is null when all its bits are set (length unknown). */
export function variableInteger(
  bytes: Uint8Array,
  at: number,
  keepMarker: boolean,
): { readonly value: number | null; readonly length: number } | null {
  const first = bytes[at];
  if (first === undefined || first === 0) return null;
  const length = Math.clz32(first) - 23;
  if (at + length > bytes.length) return null;
  let value = keepMarker ? first : first & (0xff >> length);
  let open = !keepMarker && value === 0xff >> length;
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i];
    value = value * 256 + next;
    open &&= next === 0xff;
  }
  return { value: open ? null : value, length };
}
