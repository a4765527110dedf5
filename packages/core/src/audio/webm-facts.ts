/** What the elements of a WebM or Matroska file (RFC 8794, RFC 9559) say about themselves. */
import type { ContainerFacts } from "./sniff-container.js";

const segment = 0x18538067;
const cluster = 0x1f43b675;
const tracks = 0x1654ae6b;
const trackEntry = 0xae;
const trackType = 0x83;

/** The head of the element at `at`: its own length and its body's (null when it is left open), or null when the head is not all there. */
export function elementHead(
  bytes: Uint8Array,
  at: number,
): {
  readonly id: number;
  readonly length: number;
  readonly size: number | null;
  readonly entered: boolean;
} | null {
  const id = variableInteger(bytes, at, true);
  const size = id && variableInteger(bytes, at + id.length, false);
  if (!id || !size || id.value === null) return null;
  const entered = id.value === segment || id.value === cluster;
  return { id: id.value, length: id.length + size.length, size: size.value, entered };
}

/** Returns whether an element reaches beyond the file, and whether no track is sound. Segments and clusters may leave their length open, as live recorders do. */
export function webmFacts(bytes: Uint8Array): ContainerFacts {
  let at = 0;
  while (at < bytes.length) {
    const id = variableInteger(bytes, at, true);
    const size = id && variableInteger(bytes, at + id.length, false);
    if (!id || !size) return { cut: true };
    const body = at + id.length + size.length;
    // Their children are walked too, since a cut file is cut inside one of them.
    const entered = id.value === segment || id.value === cluster;
    if (size.value !== null && body + size.value > bytes.length) return { cut: true };
    at = entered || size.value === null ? body : body + size.value;
    if (id.value === tracks && !hasSound(bytes.subarray(body, at))) return { cut: false, hasSound: false };
  }
  return { cut: false };
}

/** Returns whether the track entries in the body of a Tracks element, or the children of one of them, hold a track of sound. */
function hasSound(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const head = elementHead(bytes, at);
    if (head === null || head.size === null) return true; // not for us to say
    const body = at + head.length;
    at = body + head.size;
    if (head.id === trackType && head.size === 1 && bytes[body] === 2) return true;
    if (head.id === trackEntry && hasSound(bytes.subarray(body, at))) return true;
  }
  return false;
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
