/** What is impossible in the headers of a compressed file: counts and lengths that would cost a decoder any time and memory. */
import { mp4Fault } from "./mp4-boxes.js";
import { oggPage } from "./ogg-page.js";
import { type AudioContainer, hasText, skipId3 } from "./sniff-container.js";
import { elementHead } from "./webm-elements.js";

/**
 * Returns what is impossible in a file of `fileBytes`, as the end of a sentence ("… cannot be decoded: …"), or null. `head` is how the file, or a link of
 * a chained Ogg file, begins (64 KiB are enough), of MP4 all boxes that describe it. Such a file must not reach a decoder.
 */
export function headerFault(
  head: Uint8Array,
  container: AudioContainer,
  fileBytes = head.length,
): string | null {
  switch (container) {
    case "m4a":
      return mp4Fault(head, fileBytes);
    case "webm":
      return elementFault(head, { start: 0, end: Number.POSITIVE_INFINITY, depth: 0 });
    case "flac":
      return flacFault(head, skipId3(head) + 4, fileBytes);
    case "ogg-vorbis":
    case "ogg-opus":
    case "ogg-flac":
      return oggFault(head, fileBytes);
    default:
      return null;
  }
}

/** Looks at the metadata blocks (RFC 9639, section 8) from index `at` on. */
function flacFault(bytes: Uint8Array, at: number, fileBytes: number): string | null {
  for (let last = false; !last && at + 4 <= bytes.length; ) {
    last = bytes[at] >= 128;
    const type = bytes[at] & 127;
    const size = bytes[at + 1] * 65536 + bytes[at + 2] * 256 + bytes[at + 3];
    if (type === 0 && size !== 34) return `its STREAMINFO has ${size} bytes, expected 34`;
    if (type === 3 && size % 18 !== 0) return `its SEEKTABLE has ${size} bytes, expected a multiple of 18`;
    const fault = type === 4 ? commentFault(bytes, at + 4, Math.min(size, fileBytes)) : null;
    if (fault !== null) return fault;
    at += 4 + size;
  }
  return null;
}

/** Looks at the second header of each stream, which begins a page of its own: its comments. */
function oggFault(bytes: Uint8Array, fileBytes: number): string | null {
  for (let at = 0; hasText(bytes, at, "OggS") && at + 27 <= bytes.length; ) {
    const { body, end, isFirst } = oggPage(bytes, at);
    if (isFirst && hasText(bytes, body, "OpusHead") && bytes[body + 9] === 0)
      return "its OpusHead says 0 channels";
    if (!isFirst) {
      const tag = hasText(bytes, body, "\x03vorbis") ? 7 : hasText(bytes, body, "OpusTags") ? 8 : 0;
      return tag > 0 ? commentFault(bytes, body + tag, fileBytes) : null;
    }
    at = end;
  }
  return null;
}

/** Looks at Vorbis comments (vendor and list of texts, each behind its length) that have at most `size` bytes. */
function commentFault(bytes: Uint8Array, start: number, size: number): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (start + 4 > bytes.length) return null;
  const vendor = view.getUint32(start, true);
  if (vendor + 8 > size)
    return `its comments begin with a text of ${vendor} bytes, of ${size} that are there`;
  const at = start + 4 + vendor;
  if (at + 4 > bytes.length) return null;
  const count = view.getUint32(at, true);
  const fit = Math.floor((size - 8 - vendor) / 4);
  return count > fit ? `it says ${count} comments, expected at most ${fit}` : null;
}

/** The EBML header, Segment, Info, Tracks and what lies in them as far as sound is found through it. */
const parents = new Set([
  0x1a45dfa3, 0x18538067, 0x1549a966, 0x1654ae6b, 0xae, 0xe1, 0x114d9b74, 0x6d80, 0x6240,
]);
const cluster = 0x1f43b675;
/** Elements nest six deep in the tracks. */
const mostDepth = 10;

interface Elements {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

/** Looks at the elements before the first cluster: each must end within the one that it is in. */
function elementFault(bytes: Uint8Array, { start, end, depth }: Elements): string | null {
  if (depth > mostDepth) return `its elements nest deeper than ${mostDepth}`;
  for (let at = start; at < Math.min(end, bytes.length); ) {
    const head = elementHead(bytes, at);
    if (!head || head.id === cluster) return null;
    const { id, size } = head;
    const body = at + head.length;
    const childEnd = size === null ? end : body + size;
    if (childEnd > end)
      return `its element 0x${id.toString(16)} ends ${childEnd - end} bytes beyond the one that it is in`;
    if (parents.has(id)) {
      const fault = elementFault(bytes, { start: body, end: childEnd, depth: depth + 1 });
      if (fault !== null) return fault;
    }
    at = childEnd;
  }
  return null;
}
