/** Cuts the bytes of a compressed file into what its decoder takes at a time. */
import { type ByteSource, readExactly } from "./byte-source.js";
import type { CodecName } from "./codec.js";
import { type CutWatch, cutWatch } from "./cut-watch.js";
import { oggLinkSplitter } from "./ogg-links.js";
import type { AudioContainer } from "./sniff-container.js";

/** What a decoder is given at a time. */
export interface EncodedPiece {
  readonly bytes: Uint8Array;
  /** What these bytes and those that follow are, where they need a decoder of their own; absent where the one before goes on. */
  readonly begins?: CompressedContainer | undefined;
}

/** The pieces of one file, in order. */
export interface EncodedPieces {
  pieces(): AsyncGenerator<EncodedPiece>;
  /** Bytes read so far. */
  readonly position: number;
  /** What the bytes so far tell of a cut; the whole answer behind the last piece. */
  readonly watch: CutWatch;
  /** Told how many samples the last piece gave: pieces shrink where few bytes become many samples, and grow where they do not. */
  gave(samples: number): void;
}

/** The decoder of each compressed container. */
export const codecNames = {
  flac: "flac",
  mp3: "mp3",
  aac: "aac",
  "ogg-vorbis": "oga",
  "ogg-opus": "opus",
  "ogg-flac": "flac",
  webm: "webm",
  m4a: "m4a",
} as const satisfies Partial<Record<AudioContainer, CodecName>>;

export type CompressedContainer = keyof typeof codecNames;

/** Bytes read at a time, and given to a decoder at a time: the latter bound what a hostile file can make of them. */
const readBytes = 2 ** 18;
const fewestBytes = 256;
const mostBytes = 16384;
/** Samples, over all channels, from which on pieces shrink. */
const manySamples = 2 ** 20;

/** Returns the pieces of a compressed file. */
export function encodedPieces(
  source: ByteSource,
  container: CompressedContainer,
  name: string,
): EncodedPieces {
  const watch = cutWatch(container);
  let position = 0;
  let pace = 4096;
  return {
    watch,
    get position() {
      return position;
    },
    gave(samples) {
      pace = samples > manySamples ? Math.max(fewestBytes, pace / 4) : Math.min(mostBytes, pace * 2);
    },
    async *pieces() {
      const split = splitter(container);
      while (position < source.size) {
        const to = container === "m4a" ? source.size : Math.min(source.size, position + readBytes);
        const bytes = await readExactly(source, { from: position, to, name });
        watch.push(bytes);
        for (let at = 0; at < bytes.length; ) {
          const size = container === "m4a" ? bytes.length : pace;
          yield* split(bytes.subarray(at, at + size));
          at += size;
        }
        position = to;
      }
      yield* split();
    },
  };
}

/** Cuts bytes where a decoder wants them cut; called at last with nothing, to give what it held back. */
type Splitter = (chunk?: Uint8Array) => Iterable<EncodedPiece>;

function splitter(container: CompressedContainer): Splitter {
  if (container === "flac") return flacSplitter();
  if (container.startsWith("ogg-")) {
    const split = oggLinkSplitter();
    return (chunk) =>
      split(chunk).map(({ bytes, begins }) =>
        // What cannot be told is left to the decoder to refuse.
        begins === undefined ? { bytes } : { bytes, begins: (begins ?? container) as CompressedContainer },
      );
  }
  let begins: CompressedContainer | undefined = container;
  return (bytes) => {
    if (bytes === undefined) return [];
    const piece = { bytes, begins };
    begins = undefined;
    return [piece];
  };
}

/**
 * The decoder of FLAC (1.3) misses a frame header that lies across two pieces and loses that frame (in 16 of 4239 files of RAVDESS and TESS it
 * was the last one), so a piece ends before anything that may begin one. A header has 17 bytes at most.
 */
function flacSplitter(): Splitter {
  let held = new Uint8Array(0);
  let begins: CompressedContainer | undefined = "flac";
  return (chunk) => {
    const bytes = new Uint8Array(held.length + (chunk?.length ?? 0));
    bytes.set(held);
    if (chunk) bytes.set(chunk, held.length);
    let end = bytes.length;
    for (let at = end - 1; chunk && at >= 0 && at >= end - 17; at--) {
      if (bytes[at] === 0xff && (at + 1 === bytes.length || (bytes[at + 1] & 0xfe) === 0xf8)) end = at;
    }
    held = bytes.slice(end);
    if (end === 0) return [];
    const piece = { bytes: bytes.subarray(0, end), begins };
    begins = undefined;
    return [piece];
  };
}
