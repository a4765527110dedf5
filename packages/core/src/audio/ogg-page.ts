/** The head of a page of Ogg (RFC 3533, section 6). */

/** Returns where the body of the page at `at` begins and ends, either of which may lie beyond `bytes`, and whether the page begins a stream. */
export function oggPage(
  bytes: Uint8Array,
  at: number,
): { readonly body: number; readonly end: number; readonly isFirst: boolean } {
  const body = at + 27 + bytes[at + 26];
  const end = bytes.subarray(at + 27, body).reduce((sum, size) => sum + size, body);
  return { body, end, isFirst: (bytes[at + 5] & 2) !== 0 };
}
