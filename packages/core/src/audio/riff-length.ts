/** How long the samples of a chunked file (WAV, AIFF) are where its header is less true than its data, and where the next chunk begins. */

/** What a header says of its samples' length, and what the file has. */
export interface ClaimedLength {
  /** Bytes of samples, by the header. */
  readonly claimed: number;
  /** Bytes from the first sample to the end of the file. */
  readonly rest: number;
  /** Bytes from the first sample back to the beginning of the file. */
  readonly before: number;
  /** Bytes of the whole file, by its outer header. */
  readonly claimedFile: number;
  /** Whether a whole chunk stands where the samples are to begin. */
  readonly chunkFollows: boolean;
}

/** Bytes of samples, those that should be there when the file is cut, and a remark where the header was not taken at its word. */
export interface TrueLength {
  readonly size: number;
  readonly remark?: string | undefined;
}

/** What writers that cannot go back leave for a length that they do not know; some add or take off their headers. */
const placeholders = [0x7f000000, 0x7ffff000, 0x80000000, 2 ** 32];
const nearPlaceholder = 256;

/** Returns whether a length of 32 bits stands for one that its writer did not know. */
export function isPlaceholder(size: number): boolean {
  return size < 2 ** 32 && placeholders.some((each) => Math.abs(size - each) <= nearPlaceholder);
}

/**
 * Returns the length that the file bears out: the header's own; or the rest of the file behind a placeholder, behind the header of a writer that never
 * came to fill it in, or where the outer length is right and only the inner one is too large. Any other file that is too short is cut.
 */
export function trueLength({ claimed, rest, before, claimedFile, chunkFollows }: ClaimedLength): TrueLength {
  const file = before + rest;
  const said = `its header says ${claimed} bytes of samples where ${rest} are`;
  if (claimedFile !== file && isPlaceholder(claimed)) return { size: rest, remark: said };
  if (claimed === 0 && rest > 0 && !chunkFollows) {
    const unclosed = claimedFile <= before || claimedFile === file || isPlaceholder(claimedFile - 8);
    if (unclosed) return { size: rest, remark: said };
  }
  // A length of 32 bits that began anew at 0.
  if (rest > claimed && (rest - claimed) % 2 ** 32 === 0) return { size: rest, remark: said };
  if (claimed > rest && claimedFile === file) return { size: rest, remark: said };
  return { size: claimed };
}

/** Returns whether four letters, figures or spaces stand at index `at`, as chunks are named. */
export function isChunkName(bytes: Uint8Array, at: number): boolean {
  if (at + 8 > bytes.length) return false;
  return bytes.subarray(at, at + 4).every((code) => code >= 32 && code < 127);
}

/** Returns whether at index `at` a chunk begins that ends within `fileBytes`. */
export function isChunk(
  bytes: Uint8Array,
  at: number,
  { fileBytes, littleEndian }: { readonly fileBytes: number; readonly littleEndian: boolean },
): boolean {
  if (!isChunkName(bytes, at)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return at + 8 + view.getUint32(at + 4, littleEndian) <= fileBytes;
}

/** Returns where the chunk behind one that ends at `end` begins: chunks of odd length have a pad byte (0), which some writers forget. */
export function nextChunk(bytes: Uint8Array, end: number, size: number): number {
  return size % 2 === 0 || isChunkName(bytes, end) ? end : end + 1;
}

/** Returns the remark on all that was less true than the data, or undefined when nothing was. */
export function remarkOn(name: string, faults: readonly (string | undefined | false)[]): string | undefined {
  const found = faults.filter(Boolean);
  return found.length > 0 ? `${name} was read, though ${found.join(", and ")}.` : undefined;
}

/** What a remark says of a tag that has no place in a chunked file. */
export const tagBefore = "an ID3 tag stands before its header";
