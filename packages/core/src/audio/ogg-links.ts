/** The links of a chained Ogg file (RFC 3533, section 4): each is a stream of its own, with its own headers, quality, rate and codec. */
import { joinBytes } from "./join-arrays.js";
import { oggPage } from "./ogg-page.js";
import { type AudioContainer, hasText, sniffContainer } from "./sniff-container.js";

/** Some bytes of one link, in the order of the file. */
export interface OggPiece {
  readonly bytes: Uint8Array;
  /** Where a link begins with these bytes: what it holds, or null for nothing that can be read. Absent further on in a link. */
  readonly begins?: AudioContainer | null;
}

/** Takes the bytes of an Ogg file piece by piece, at last nothing; gives them back cut where links begin. */
export type OggLinkSplitter = (chunk?: Uint8Array) => OggPiece[];

/** Pages that begin a link are held back until its first page of data; more of them than this belong to no recording. */
const mostHeadBytes = 2 ** 20;

/** Returns a splitter for one file. Joined, its pieces are that file; it holds back less than a page, or the pages that begin a link. */
export function oggLinkSplitter(): OggLinkSplitter {
  let held: Uint8Array = new Uint8Array(0);
  let headBytes = 0; // of `held`, those of pages that begin a link
  return (chunk) => {
    const bytes = joinBytes(chunk ? [held, chunk] : [held]);
    const pieces: OggPiece[] = [];
    let from = 0;
    let at = headBytes;
    let begins = headBytes > 0;
    const give = (): void => {
      const piece = bytes.subarray(from, at);
      if (piece.length > 0)
        pieces.push({ bytes: piece, ...(begins ? { begins: sniffContainer(piece) } : {}) });
      from = at;
      begins = false;
    };
    for (let end = pageEnd(bytes, at); end !== null; end = pageEnd(bytes, at)) {
      const beginsStream = hasText(bytes, at, "OggS") && oggPage(bytes, at).isFirst;
      if (beginsStream && !begins) {
        give();
        begins = true;
      }
      at = end;
      if (begins && (!beginsStream || at - from > mostHeadBytes)) give();
    }
    if (chunk === undefined) at = bytes.length;
    if (chunk === undefined || !begins) give();
    headBytes = begins ? at - from : 0;
    held = bytes.slice(from);
    return pieces;
  };
}

/** Returns the end of the page at `at`, the next page where none stands there, or null when more bytes are needed to tell. */
function pageEnd(bytes: Uint8Array, at: number): number | null {
  if (at + 27 > bytes.length) return null;
  if (!hasText(bytes, at, "OggS")) {
    let next = at + 1;
    while (next + 4 <= bytes.length && !hasText(bytes, next, "OggS")) next++;
    return next;
  }
  const { end } = oggPage(bytes, at);
  return end <= bytes.length ? end : null;
}
