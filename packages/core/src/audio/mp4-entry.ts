/** What the sample description of an MP4 or QuickTime sound track (`stsd`) says about its decoder. */
import { flacStart } from "./container-facts.js";
import type { DecoderStart } from "./encoded.js";
import { joinBytes } from "./join-arrays.js";
import { type Box, boxes } from "./mp4-boxes.js";
import { type PcmEncoding, type PcmFormat, pcmFormat } from "./pcm.js";

export interface Mp4Decoder {
  readonly starts: DecoderStart;
  readonly channels: number;
}

/** Returns the decoder of the first entry. @throws Error "unsupported …" for a codec that is not read, or when its description is missing. */
export function mp4Decoder(bytes: Uint8Array, stsd: Box): Mp4Decoder {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entry = boxes(view, stsd.start + 8, stsd.end).next().value;
  if (!entry || entry.end > stsd.end || entry.end - entry.start < 28)
    throw new Error("unsupported: it does not say how its sound is coded");
  const { type, start } = entry;
  const version = view.getUint16(start + 8);
  const second = version === 2 && entry.end - start >= 64;
  const channels = second ? view.getUint32(start + 40) : view.getUint16(start + 16);
  const sampleRate = second ? view.getFloat64(start + 32) : view.getUint16(start + 24);
  const bits = second ? view.getUint32(start + 48) : view.getUint16(start + 18);
  const children = start + 28 + (second ? 36 : version === 1 ? 16 : 0);
  const child = (name: string): Uint8Array | undefined => {
    const box = find(view, { type, start: children, end: entry.end }, name);
    return box && bytes.subarray(box.start, box.end);
  };
  const needed = (name: string): Uint8Array => {
    const box = child(name);
    if (!box) throw new Error(`unsupported: its sound ('${type}') has no description ('${name}')`);
    return box;
  };
  switch (type) {
    case "mp4a":
      return { starts: mpeg4(child("esds")), channels };
    case ".mp3":
      return { starts: { codec: "mp3" }, channels };
    case "alac": {
      const cookie = needed("alac");
      return { starts: { codec: "alac", config: cookie.subarray(4, 28) }, channels };
    }
    case "fLaC":
      return { starts: flacStart(joinBytes([ascii("fLaC"), needed("dfLa").subarray(4)])), channels };
    case "Opus":
      return { starts: { codec: "opus-packets", config: opusHead(needed("dOps")) }, channels };
    default: {
      const flags = second ? view.getUint32(start + 52) : 0;
      const format = formatOf({ type, channels, sampleRate, bits, flags }, child);
      if (!format) throw new Error(`unsupported: its sound is coded as '${type}'`);
      return { starts: { codec: "pcm", format }, channels };
    }
  }
}

/** Looks for a box, in QuickTime's `wave` box too. */
function find(view: DataView, parent: Box, name: string): Box | undefined {
  for (const box of boxes(view, parent.start, parent.end)) {
    if (box.end > parent.end) return undefined;
    if (box.type === name) return box;
    const within = box.type === "wave" ? find(view, box, name) : undefined;
    if (within) return within;
  }
  return undefined;
}

/** Reads an `esds` box (ISO/IEC 14496-1, section 7.2.6): what codes the sound, and its configuration. */
function mpeg4(esds: Uint8Array | undefined): DecoderStart {
  let type = 0;
  for (let at = 4; esds && at + 2 <= esds.length; ) {
    const tag = esds[at++];
    let size = 0;
    let byte = 128;
    while (byte >= 128 && at < esds.length) {
      byte = esds[at++];
      size = size * 128 + (byte & 127);
    }
    if (tag === 3) at += 3;
    else if (tag === 4) {
      type = esds[at];
      at += 13;
    } else if (tag === 5 && (type === 0x40 || (type >= 0x66 && type <= 0x68)))
      return { codec: "aac", config: esds.subarray(at, at + size) };
    else at += size;
  }
  if (type === 0x69 || type === 0x6b) return { codec: "mp3" };
  throw new Error(`unsupported: its sound is coded as MPEG-4 object 0x${type.toString(16)}`);
}

/** Makes an OpusHead (RFC 7845, section 5.1) of a `dOps` box, whose numbers are big-endian. */
function opusHead(box: Uint8Array): Uint8Array {
  const head = joinBytes([ascii("OpusHead"), box]);
  head[8] = 1;
  for (const [at, size] of [
    [10, 2],
    [12, 4],
    [16, 2],
  ])
    head.subarray(at, at + size).reverse();
  return head;
}

interface PcmEntry {
  readonly type: string;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
  readonly flags: number;
}

function formatOf(
  { type, channels, sampleRate, bits, flags }: PcmEntry,
  child: (name: string) => Uint8Array | undefined,
): PcmFormat | null {
  const made = (encoding: PcmEncoding, size: number, littleEndian: boolean): PcmFormat | null => {
    if (channels < 1 || channels > 256 || size % 8 !== 0 || size < 8 || size > 64) return null;
    return pcmFormat({ channels, sampleRate, encoding, bits: size, littleEndian });
  };
  const little = child("enda")?.[1] === 1;
  const config = child("pcmC");
  switch (type) {
    case "sowt":
      return made("signed", bits || 16, true);
    case "twos":
      return made("signed", bits || 16, false);
    case "in24":
      return made("signed", 24, little);
    case "in32":
      return made("signed", 32, little);
    case "fl32":
      return made("float", 32, little);
    case "fl64":
      return made("float", 64, little);
    case "raw ":
      return made(bits > 8 ? "signed" : "unsigned", bits || 8, false);
    case "ulaw":
      return made("mu-law", 8, false);
    case "alaw":
      return made("a-law", 8, false);
    case "lpcm":
      return made(flags & 1 ? "float" : flags & 4 ? "signed" : "unsigned", bits, (flags & 2) === 0);
    case "ipcm":
    case "fpcm":
      return config ? made(type === "fpcm" ? "float" : "signed", config[5], (config[4] & 1) === 1) : null;
    default:
      return null;
  }
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
