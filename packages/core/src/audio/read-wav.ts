/**
 * The layout of a WAV file (RIFF, RIFX, RF64, BW64).
 * A reader of our own, because audio-decode 3.12 scales positive samples by another factor than negative ones (a kink at
 * zero, and other values than AIFF), does not skip the pad byte of odd chunks, accepts files that are cut short and divides by a zero channel count.
 */
import { UndertoneError } from "../errors.js";
import type { PcmEncoding, PcmLayout } from "./pcm.js";
import { isChunk, nextChunk, trueLength } from "./riff-length.js";
import { hasText, skipId3 } from "./sniff-container.js";

interface Format {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly frameBytes: number;
  readonly containerBits: number;
  readonly bits: number;
}

const encodings: Readonly<Record<number, PcmEncoding>> = { 1: "signed", 3: "float", 6: "a-law", 7: "mu-law" };
const otherFormats: Readonly<Record<number, string>> = {
  2: "Microsoft ADPCM",
  17: "IMA ADPCM",
  49: "GSM 6.10",
  80: "MPEG",
  85: "MP3",
};

/**
 * Returns where the samples of a WAV file lie. Chunks may stand in any order, before or after the samples; an ID3 tag may stand before all. Where
 * lengths or the frame's bytes are less true than the data, the data are read and the layout has a remark. `bytes` may be the file's beginning, of `fileBytes` in all.
 * @throws UndertoneError `audio/truncated` (no format or no data), `audio/unsupported` (compressed) or `audio/bad-channel-count` (zero).
 */
export function readWav(
  bytes: Uint8Array,
  name: string,
  { fileBytes = bytes.length }: { readonly fileBytes?: number | undefined } = {},
): PcmLayout {
  const start = skipId3(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = !hasText(bytes, start, "RIFX");
  let riffSize = start + 8 <= bytes.length ? view.getUint32(start + 4, littleEndian) : 0;
  let format: Format | null = null;
  let data: { offset: number; size: number } | null = null;
  let longDataSize: number | null = null;
  for (let at = start + 12; at + 8 <= bytes.length && (format === null || data === null); ) {
    let size = view.getUint32(at + 4, littleEndian);
    const body = at + 8;
    if (hasText(bytes, at, "fmt ")) {
      format = readFormat(bytes.subarray(body, body + size), littleEndian, name);
    } else if (hasText(bytes, at, "ds64") && body + 16 <= bytes.length) {
      riffSize = Number(view.getBigUint64(body, littleEndian));
      longDataSize = Number(view.getBigUint64(body + 8, littleEndian));
    } else if (hasText(bytes, at, "data")) {
      if (size === 0xffffffff && longDataSize !== null) size = longDataSize;
      data = { offset: body, size };
    }
    at = nextChunk(bytes, body + size, size);
  }
  if (format === null || data === null) {
    const missing = format === null ? "format" : "data";
    throw new UndertoneError(
      "audio/truncated",
      `${name} is cut short: ${bytes.length} bytes of WAV without a ${missing} chunk.`,
    );
  }
  const encoding = encodings[format.tag];
  if (encoding === undefined) {
    const what = otherFormats[format.tag] ?? `format 0x${format.tag.toString(16)}`;
    throw new UndertoneError(
      "audio/unsupported",
      `${name} is a WAV file with ${what} inside, expected uncompressed samples, A-law or µ-law.`,
    );
  }
  const { channels } = format;
  const bytesPerSample = format.containerBits / 8;
  if (bytesPerSample < 1 || bytesPerSample > 8) {
    throw new UndertoneError(
      "audio/unsupported",
      `${name} says samples of ${format.containerBits} bits, expected 8 to 64.`,
    );
  }
  if (channels === 0) {
    throw new UndertoneError("audio/bad-channel-count", `${name} says 0 channels, expected at least 1.`);
  }
  const { offset } = data;
  const rest = fileBytes - offset;
  const { size, remark } = trueLength({
    claimed: data.size,
    rest,
    before: offset - start,
    claimedFile: riffSize + 8,
    chunkFollows: isChunk(bytes, offset, { fileBytes, littleEndian }),
  });
  const there = Math.min(size, rest);
  const frame = frameSize(format, bytes.subarray(offset, offset + there));
  const remarks = [remark, frame.remark].filter((each) => each !== undefined);
  return {
    channels,
    sampleRate: format.sampleRate,
    encoding: encoding === "signed" && frame.bytesPerSample === 1 ? "unsigned" : encoding,
    bytesPerSample: frame.bytesPerSample,
    bits: encoding === "signed" ? format.bits : 16,
    littleEndian,
    frameBytes: frame.frameBytes,
    offset,
    frames: Math.floor(there / frame.frameBytes),
    claimedFrames: Math.floor(size / frame.frameBytes),
    remark: remarks.length > 0 ? `${name} was read, though ${remarks.join(", and ")}.` : undefined,
  };
}

interface FrameSize {
  readonly bytesPerSample: number;
  readonly frameBytes: number;
  readonly remark?: string;
}

/** Returns the bytes of a frame that the data bear out: channels × bits, whatever the header says, but for 24 bits in 4 bytes. */
function frameSize({ channels, containerBits, frameBytes }: Format, data: Uint8Array): FrameSize {
  const bytesPerSample = containerBits / 8;
  const fitting = channels * bytesPerSample;
  if (frameBytes === fitting) return { bytesPerSample, frameBytes };
  const wide = bytesPerSample === 3 && frameBytes === channels * 4 ? bytesOf24(data) : null;
  if (wide !== null)
    return { bytesPerSample: wide, frameBytes, remark: "its samples of 24 bits have 4 bytes each" };
  const remark = `its header says frames of ${frameBytes} bytes where ${channels} × ${containerBits} bits have ${fitting}`;
  return { bytesPerSample, frameBytes: fitting, remark };
}

/** Returns whether samples of 24 bits, lowest byte first, fill the upper bytes of four (4: as 32 bits), the lower (3), or all bytes (null). */
function bytesOf24(data: Uint8Array): number | null {
  let upper = true;
  let lower = true;
  for (let i = 0; i + 4 <= Math.min(data.length, 2 ** 16); i += 4) {
    upper &&= data[i] === 0;
    lower &&= data[i + 3] === (data[i + 2] < 128 ? 0 : 255);
  }
  return upper ? 4 : lower ? 3 : null;
}

function readFormat(chunk: Uint8Array, little: boolean, name: string): Format {
  const size = chunk.length;
  if (size < 16) {
    throw new UndertoneError(
      "audio/truncated",
      `${name} is cut short: a WAV format of ${size} bytes, expected at least 16.`,
    );
  }
  const view = new DataView(chunk.buffer, chunk.byteOffset, size);
  const tag = view.getUint16(0, little);
  const extensible = tag === 0xfffe && size >= 40;
  const bits = view.getUint16(14, little);
  return {
    tag: extensible ? view.getUint16(24, little) : tag,
    channels: view.getUint16(2, little),
    sampleRate: view.getUint32(4, little),
    frameBytes: view.getUint16(12, little),
    containerBits: Math.ceil(bits / 8) * 8,
    bits: (extensible ? view.getUint16(18, little) : 0) || bits,
  };
}
