/** Compressed files that are one stream of bytes, from frame to frame or page to page: FLAC, MP3, AAC in ADTS, Ogg. */
import { undecodable } from "./audio-refusals.js";
import { type ByteSource, readExactly } from "./byte-source.js";
import type { CodecName } from "./codec.js";
import { streamFacts } from "./container-facts.js";
import { cutWatch } from "./cut-watch.js";
import type { DecoderStart, Encoded, EncodedPiece, EncodedReading } from "./encoded.js";
import { headerFault } from "./header-fault.js";
import { joinBytes } from "./join-arrays.js";
import { mpegFrame } from "./mpeg-frame.js";
import { oggSeconds } from "./ogg-length.js";
import { oggLinkSplitter } from "./ogg-links.js";
import type { AudioContainer } from "./sniff-container.js";

const codecNames = {
  flac: "flac",
  mp3: "mp3",
  aac: "aac",
  "ogg-vorbis": "vorbis",
  "ogg-opus": "opus",
  "ogg-flac": "flac",
} as const satisfies Partial<Record<AudioContainer, CodecName>>;

/** The containers that are streams of bytes. */
export type StreamContainer = keyof typeof codecNames;

/** Bytes read at a time, and given to a decoder at a time: the latter bound what a hostile file can make of them. */
const readBytes = 2 ** 18;
const fewestBytes = 256;
const mostBytes = 16384;
/** Most bytes of FLAC that wait for the next piece. */
const mostHeldBytes = 1024;
/** Samples, over all channels, from which on pieces shrink. */
const manySamples = 2 ** 20;

const nothing = new Uint8Array(0);

interface StreamOptions {
  /** The first bytes: a MiB, or the file. */
  readonly head: Uint8Array;
  readonly container: StreamContainer;
  readonly name: string;
}

/** Resolves to the stream of a file. @throws UndertoneError `audio/not-audio` for impossible headers. */
export async function openByteStream(
  source: ByteSource,
  { head, container, name }: StreamOptions,
): Promise<Encoded> {
  const fault = headerFault(head, container, source.size);
  if (fault !== null) throw undecodable(name, container, new Error(fault));
  const { losslessBits, ...facts } = streamFacts(head, container);
  const seconds = container.startsWith("ogg-") ? await oggSeconds(source, head, name) : facts.seconds;
  const watch = cutWatch(container);
  const reading: EncodedReading = { position: 0, cut: false };
  let pace = 4096;
  return {
    ...facts,
    seconds,
    reading,
    gave(samples) {
      pace = samples > manySamples ? Math.max(fewestBytes, pace / 4) : Math.min(mostBytes, pace * 2);
    },
    async *pieces() {
      const split = splitter(container, { name, losslessBits });
      while (reading.position < source.size) {
        const from = reading.position;
        const to = Math.min(source.size, from + readBytes);
        const bytes = await readExactly(source, { from, to, name });
        watch.push(bytes);
        reading.cut = watch.cut;
        for (let at = 0; at < bytes.length; ) {
          const size = pace;
          yield* split(bytes.subarray(at, at + size));
          at += size;
        }
        reading.position = to;
      }
      yield* split();
    },
  };
}

/** Cuts bytes where a decoder wants them cut; called at last with nothing, to give what it held back. */
type Splitter = (chunk?: Uint8Array) => Iterable<EncodedPiece>;

function splitter(
  container: StreamContainer,
  { name, losslessBits }: { readonly name: string; readonly losslessBits: number | undefined },
): Splitter {
  if (container === "flac") return once({ codec: "flac", losslessBits }, flacSplitter());
  if (container === "aac") return once({ codec: "aac" }, adtsSplitter());
  if (container === "mp3") return once({ codec: "mp3" }, (chunk) => chunk && { data: chunk });
  const split = oggLinkSplitter();
  let links = 0;
  let taken = 0;
  return (chunk) =>
    split(chunk).map(({ bytes, begins }): EncodedPiece => {
      taken += bytes.length;
      if (begins === undefined) return { data: bytes };
      // What cannot be told is left to the decoder to refuse.
      const link = (begins ?? container) as StreamContainer;
      const fault = ++links === 1 ? null : (chainFault(links, taken) ?? headerFault(bytes, link));
      if (fault !== null) throw undecodable(name, link, new Error(fault));
      const { losslessBits } = streamFacts(bytes, link);
      return { data: bytes, starts: { codec: codecNames[link], losslessBits } };
    });
}

/** To open a decoder for each link takes time that no file of a few bytes may cost. */
function chainFault(links: number, bytes: number): string | null {
  if (links <= 50 || bytes / links > 4096) return null;
  return `it chains ${links} streams in ${bytes} bytes`;
}

/** Opens one decoder, with the first piece. */
function once(first: DecoderStart, split: (chunk?: Uint8Array) => EncodedPiece | undefined): Splitter {
  let starts: EncodedPiece["starts"] = first;
  return (chunk) => {
    const piece = split(chunk);
    if (!piece) return [];
    const given = { ...piece, starts };
    starts = undefined;
    return [given];
  };
}

/**
 * The decoder of FLAC (1.3) misses a frame header that lies across two pieces and loses that frame (in 16 of 4239 files of RAVDESS and TESS it
 * was the last one), so a piece ends before anything that may begin one. A header has 17 bytes at most; where one seems to begin all the time, none does.
 */
function flacSplitter(): (chunk?: Uint8Array) => EncodedPiece | undefined {
  let held: Uint8Array = nothing;
  return (chunk) => {
    const bytes = joinBytes([held, chunk ?? nothing]);
    let end = bytes.length;
    for (let at = end - 1; chunk && at >= Math.max(0, end - 17, bytes.length - mostHeldBytes); at--) {
      if (bytes[at] === 0xff && (at + 1 === bytes.length || (bytes[at + 1] & 0xfe) === 0xf8)) end = at;
    }
    held = bytes.slice(end);
    return end > 0 ? { data: bytes.subarray(0, end) } : undefined;
  };
}

/** Cuts frames of ADTS; what stands between them is left out. */
function adtsSplitter(): (chunk?: Uint8Array) => EncodedPiece | undefined {
  let held: Uint8Array = nothing;
  return (chunk) => {
    const bytes = joinBytes([held, chunk ?? nothing]);
    const frames: Uint8Array[] = [];
    let at = 0;
    while (at + 7 <= bytes.length) {
      const frame = mpegFrame(bytes, at);
      if (frame?.kind !== "adts" || frame.bytes === null) at++;
      else if (at + frame.bytes > bytes.length) break;
      else {
        frames.push(bytes.subarray(at, at + frame.bytes));
        at += frame.bytes;
      }
    }
    held = bytes.slice(at);
    return frames.length > 0 ? { data: frames } : undefined;
  };
}
