/** How long an Ogg file says that it is. */
import { type ByteSource, readExactly } from "./byte-source.js";
import { oggPage } from "./ogg-page.js";
import { hasText } from "./sniff-container.js";

/** Bytes at the end of a file in which its last page begins. */
const tailBytes = 2 ** 17;
/** A first page beyond this does not begin a recording. */
const mostPageSeconds = 60;

/**
 * Resolves to the length in seconds by the position of the last page (RFC 3533, section 6), whose samples the first page counts, up to a page too short for what was
 * recorded from the middle of a broadcast; undefined when there is none, or when it belongs to another stream than the first, as in chained files.
 */
export async function oggSeconds(
  source: ByteSource,
  head: Uint8Array,
  name: string,
): Promise<number | undefined> {
  const clock = oggClock(head);
  if (!clock || head.length < 18) return undefined;
  const from = Math.max(0, source.size - tailBytes);
  const tail = await readExactly(source, { from, to: source.size, name });
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  for (let at = tail.length - 27; at >= 0; at--) {
    if (!hasText(tail, at, "OggS")) continue;
    const samples = view.getBigInt64(at + 6, true);
    if (samples < 0n) continue;
    const alike = head.subarray(14, 18).every((byte, i) => byte === tail[at + 14 + i]);
    const first = firstPosition(head);
    const origin = first > mostPageSeconds * clock.rate ? first : clock.skip;
    return alike ? Math.max(0, Number(samples) - origin) / clock.rate : undefined;
  }
  return undefined;
}

/** The position of the first page that has one, 0 when it is not in the head. */
function firstPosition(head: Uint8Array): number {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  for (let at = 0; at + 27 <= head.length && hasText(head, at, "OggS"); ) {
    const position = view.getBigInt64(at + 6, true);
    if (position > 0n) return Number(position);
    at = oggPage(head, at).end;
  }
  return 0;
}

/** The rate of a stream's positions in Hz, and those before its audio. */
function oggClock(head: Uint8Array): { readonly rate: number; readonly skip: number } | undefined {
  const body = 27 + (head[26] ?? 0);
  if (body + 64 > head.length) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (hasText(head, body, "OpusHead")) return { rate: 48000, skip: view.getUint16(body + 10, true) };
  if (hasText(head, body, "\x01vorbis")) return { rate: view.getUint32(body + 12, true) || 1, skip: 0 };
  if (hasText(head, body, "\x7fFLAC")) return { rate: view.getUint32(body + 27) >>> 12 || 1, skip: 0 };
  return undefined;
}
