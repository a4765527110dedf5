/**
 * The layout of an AIFF or AIFF-C file (Apple, 1989 and 1991).
 * A reader of our own, because the reader of audio-decode 3.12 takes 8-bit AIFF for unsigned and accepts files that are cut short.
 */
import { compressedInside, withoutChunk } from "./audio-refusals.js";
import { checkedFormat, type FileBytes, type PcmEncoding, type PcmLayout } from "./pcm.js";
import { isChunk, isPlaceholder, nextChunk, remarkOn, tagBefore, trueLength } from "./riff-length.js";
import { hasText, skipId3 } from "./sniff-container.js";

interface Compression {
  readonly encoding: PcmEncoding;
  readonly bits?: number;
  readonly littleEndian?: boolean;
}

const compressions: Readonly<Record<string, Compression>> = {
  NONE: { encoding: "signed" },
  twos: { encoding: "signed" },
  sowt: { encoding: "signed", littleEndian: true },
  "raw ": { encoding: "unsigned" },
  in24: { encoding: "signed", bits: 24 },
  "42n1": { encoding: "signed", bits: 24, littleEndian: true },
  "23ni": { encoding: "signed", bits: 32, littleEndian: true },
  in32: { encoding: "signed", bits: 32 },
  fl32: { encoding: "float", bits: 32 },
  FL32: { encoding: "float", bits: 32 },
  fl64: { encoding: "float", bits: 64 },
  FL64: { encoding: "float", bits: 64 },
  alaw: { encoding: "a-law", bits: 8 },
  ALAW: { encoding: "a-law", bits: 8 },
  ulaw: { encoding: "mu-law", bits: 8 },
  ULAW: { encoding: "mu-law", bits: 8 },
};

/**
 * Returns where the samples of an AIFF file lie; chunks may stand in any order. `bytes` may be the file's beginning, of `fileBytes` in all.
 * @throws UndertoneError `audio/truncated` (no COMM or SSND chunk), `audio/unsupported` (compressed) or `audio/bad-channel-count`.
 */
export function readAiff(
  bytes: Uint8Array,
  name: string,
  { fileBytes = bytes.length }: FileBytes = {},
): PcmLayout {
  const start = skipId3(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let common: number | null = null;
  let type = "NONE";
  let data: { offset: number; size: number } | null = null;
  for (let at = start + 12; at + 8 <= bytes.length && (common === null || data === null); ) {
    const size = view.getUint32(at + 4);
    const body = at + 8;
    if (hasText(bytes, at, "COMM") && body + 18 <= bytes.length) {
      common = body;
      if (hasText(bytes, start + 8, "AIFC") && size >= 22 && body + 22 <= bytes.length) {
        type = String.fromCharCode(...bytes.subarray(body + 18, body + 22));
      }
    } else if (hasText(bytes, at, "SSND") && body + 8 <= bytes.length) {
      const skip = view.getUint32(body);
      data = { offset: body + 8 + skip, size: Math.max(0, size - 8 - skip) };
    }
    at = nextChunk(bytes, body + size, size);
  }
  if (common === null) throw withoutChunk(name, bytes, "AIFF without a COMM");
  const claimedFrames = view.getUint32(common + 2);
  if (data === null && claimedFrames > 0) throw withoutChunk(name, bytes, "AIFF without an SSND");
  const compression = compressions[type];
  if (compression === undefined)
    throw compressedInside(name, { kind: "an AIFF-C", what: `'${type}'`, ending: "aiff" });
  const { encoding, bits = view.getUint16(common + 6), littleEndian = false } = compression;
  const channels = view.getUint16(common);
  const sampleRate = Math.round(extended(view, common + 8));
  const format = checkedFormat(name, { channels, sampleRate, encoding, bits, littleEndian });
  const { frameBytes } = format;
  const length = data && aiffLength(bytes, { ...data, start, fileBytes, frameBytes, claimedFrames });
  return {
    ...format,
    offset: data?.offset ?? fileBytes,
    frames: length?.frames ?? 0,
    claimedFrames: length?.claimedFrames ?? claimedFrames,
    remark: remarkOn(name, [start > 0 && tagBefore, length?.remark]),
  };
}

interface AiffData {
  /** Where the file begins behind tags, where its samples begin, and their bytes by the header of their chunk. */
  readonly start: number;
  readonly offset: number;
  readonly size: number;
  readonly fileBytes: number;
  readonly frameBytes: number;
  readonly claimedFrames: number;
}

/** Frames are counted twice, in COMM and by the length of SSND: the smaller holds, unless the file bears out another. */
function aiffLength(
  bytes: Uint8Array,
  { fileBytes, start, offset, size: claimed, frameBytes, claimedFrames }: AiffData,
): { readonly frames: number; readonly claimedFrames: number; readonly remark?: string } {
  const rest = Math.max(0, fileBytes - offset);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const claimedFile = view.getUint32(start + 4) + 8;
  const { size, remark } = trueLength({
    claimed,
    rest,
    before: offset - start,
    claimedFile,
    chunkFollows: isChunk(bytes, offset, { fileBytes, littleEndian: false }),
  });
  const inChunk = Math.floor(size / frameBytes);
  const there = Math.floor(Math.min(size, rest) / frameBytes);
  if (remark !== undefined) return { frames: there, claimedFrames: there, remark };
  const unknown = (claimedFrames === 0 && there > 0) || isPlaceholder(claimedFrames * frameBytes);
  // The chunk and the file agree with each other, and not with COMM.
  const twoAgree = inChunk === there && claimedFrames > there && claimedFile === fileBytes - start;
  if (unknown || twoAgree) {
    const text = `its header says ${claimedFrames} samples a channel where ${there} are`;
    return { frames: there, claimedFrames: inChunk, remark: text };
  }
  return { frames: Math.min(claimedFrames, there), claimedFrames };
}

/** Returns an 80-bit IEEE 754 extended-precision number. */
function extended(view: DataView, at: number): number {
  const exponent = view.getUint16(at) & 0x7fff;
  const mantissa = view.getUint32(at + 2) * 2 ** 32 + view.getUint32(at + 6);
  return exponent === 0x7fff ? Number.POSITIVE_INFINITY : mantissa * 2 ** (exponent - 16383 - 63);
}
