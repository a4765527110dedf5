/** The sound of WebM and Matroska files (RFC 9559), element by element as the bytes come. */
import { truncated, undecodable, withoutSound } from "./audio-refusals.js";
import { type ByteSource, readExactly } from "./byte-source.js";
import type { DecoderStart, Encoded, EncodedPiece, EncodedReading } from "./encoded.js";
import { headerFault } from "./header-fault.js";
import { joinBytes } from "./join-arrays.js";
import { oggPages } from "./ogg-pages.js";
import { elementHead } from "./webm-elements.js";
import {
  children,
  float,
  laced,
  unsigned,
  vorbisHeaders,
  type WebmElement,
  type WebmTrack,
  webmTrack,
} from "./webm-track.js";

const ids = {
  segment: 0x18538067,
  info: 0x1549a966,
  timecodeScale: 0x2ad7b1,
  duration: 0x4489,
  tracks: 0x1654ae6b,
  cluster: 0x1f43b675,
  blockGroup: 0xa0,
  block: 0xa1,
  simpleBlock: 0xa3,
  discardPadding: 0x75a2,
} as const;
/** Elements whose children are looked at one by one. */
const entered = new Set<number>([ids.segment, ids.cluster]);
/** Most bytes of an element that is looked at. */
const mostElementBytes = 2 ** 24;
const readBytes = 2 ** 16;

/** Resolves to the file's first sound track. @throws UndertoneError `audio/truncated`, `audio/not-audio`, `audio/unsupported`. */
export async function openWebm(source: ByteSource, head: Uint8Array, name: string): Promise<Encoded> {
  const fault = headerFault(head, "webm", source.size);
  if (fault !== null) throw undecodable(name, "webm", new Error(fault));
  const reading: EncodedReading = { position: 0, cut: false };
  const all = elements();
  let track: WebmTrack | undefined;
  let seconds: number | undefined;
  for (let next = await all.next(); !next.done; next = await all.next()) {
    const { id, body } = next.value;
    if (id === ids.info) seconds = durationOf(body);
    if (id === ids.tracks) {
      try {
        track = webmTrack(body);
      } catch (error) {
        throw undecodable(name, "webm", error);
      }
      break;
    }
  }
  if (!track) throw reading.cut ? truncated(name, 0) : withoutSound(name, "webm");
  const { number, starts, channels } = track;
  return {
    seconds,
    channels,
    reading,
    async *pieces() {
      const give = pieceMaker(starts);
      for await (const { id, body } of all) {
        if (id === ids.simpleBlock) yield* give(laced(body, number));
        if (id !== ids.blockGroup) continue;
        let packets: readonly Uint8Array[] = [];
        let discard: number | undefined;
        for (const child of children(body)) {
          if (child.id === ids.block) packets = laced(child.body, number);
          if (child.id === ids.discardPadding) discard = signed(child.body) / 1e9;
        }
        yield* give(packets, discard);
      }
    },
  };

  /** Yields the elements that matter, in order, those of segments and clusters one by one. */
  async function* elements(): AsyncGenerator<WebmElement, undefined> {
    let bytes: Uint8Array = new Uint8Array(0);
    let at = 0; // within the bytes, of which the first is number `reading.position - bytes.length` of the file
    const fill = async (needed: number): Promise<boolean> => {
      if (bytes.length - at >= needed) return true;
      const left = source.size - reading.position;
      const more = Math.min(left, Math.max(readBytes, needed - (bytes.length - at)));
      if (more === 0) return false;
      const read = await readExactly(source, { from: reading.position, to: reading.position + more, name });
      bytes = joinBytes([bytes.subarray(at), read]);
      at = 0;
      reading.position += more;
      return bytes.length >= needed;
    };
    while (true) {
      await fill(12);
      if (bytes.length === at) return;
      const head = elementHead(bytes, at);
      if (!head) {
        reading.cut = true;
        return;
      }
      at += head.length;
      if (head.size === null) continue;
      const left = source.size - reading.position + bytes.length - at;
      if (head.size > left) reading.cut = true;
      if (entered.has(head.id)) continue;
      if (head.size > left) return;
      const known = Object.values<number>(ids).includes(head.id);
      if (known && head.size <= mostElementBytes) {
        await fill(head.size);
        yield { id: head.id, body: bytes.slice(at, at + head.size) };
        at += head.size;
      } else if (head.size <= bytes.length - at) at += head.size;
      else {
        reading.position += head.size - (bytes.length - at);
        bytes = new Uint8Array(0);
        at = 0;
      }
    }
  }
}

/** Makes pieces of packets: as they are, or as the bytes of a stream that their decoder takes. */
function pieceMaker(
  starts: WebmTrack["starts"],
): (packets: readonly Uint8Array[], discard?: number) => Generator<EncodedPiece> {
  let begins: DecoderStart | undefined = starts;
  const pages = starts.codec === "vorbis" ? oggPages() : undefined;
  return function* (packets, discard) {
    if (packets.length === 0) return;
    if (begins && pages) {
      const [first, ...others] = vorbisHeaders((starts as { config: Uint8Array }).config);
      yield { data: pages([first], true), starts: { codec: "vorbis" } };
      yield { data: pages(others) };
    }
    yield { data: pages ? pages(packets) : packets, starts: pages ? undefined : begins, discard };
    begins = undefined;
  };
}

function durationOf(info: Uint8Array): number | undefined {
  const found = new Map([...children(info)].map(({ id, body }) => [id, body]));
  const ticks = float(found.get(ids.duration)) ?? 0;
  const seconds = (ticks * (unsigned(found.get(ids.timecodeScale)) || 1e6)) / 1e9;
  return seconds > 0 ? seconds : undefined;
}

/** A duration in nanoseconds, which may be negative. */
function signed(bytes: Uint8Array): number {
  return Number(BigInt.asIntN(8 * bytes.length, BigInt(unsigned(bytes))));
}
