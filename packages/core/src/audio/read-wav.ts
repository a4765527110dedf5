/**
 * The layout of a WAV file (RIFF, RIFX, RF64, BW64).
 * A reader of our own, because audio-decode 3.12 scales positive samples by another factor than negative ones (a kink at
 * zero, and other values than AIFF), does not skip the pad byte of odd chunks, accepts files that are cut short and divides by a zero channel count.
 */
import { UndertoneError } from "../errors.js";
import type { PcmEncoding, PcmLayout } from "./pcm.js";
import { hasText } from "./sniff-container.js";

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
 * Returns where the samples of a WAV file lie. Chunks may stand in any order, before or after the samples; a data length of
 * 0 or 0xFFFFFFFF, as streaming writers leave it, means the rest of the file. `bytes` may be the file's beginning, of `fileBytes` in all.
 * @throws UndertoneError `audio/truncated` (no format or no data), `audio/unsupported` (compressed) or
 * `audio/bad-channel-count` (zero, or a frame length that does not fit).
 */
export function readWav(
  bytes: Uint8Array,
  name: string,
  { fileBytes = bytes.length }: { readonly fileBytes?: number | undefined } = {},
): PcmLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !hasText(bytes, 0, "RIFX");
  const riffSize = bytes.length >= 8 ? view.getUint32(4, little) : 0;
  let format: Format | null = null;
  let data: { offset: number; size: number } | null = null;
  let longDataSize: number | null = null;
  for (let at = 12; at + 8 <= bytes.length && (format === null || data === null); ) {
    let size = view.getUint32(at + 4, little);
    const body = at + 8;
    if (hasText(bytes, at, "fmt ")) {
      format = readFormat(bytes.subarray(body, body + size), little, name);
    } else if (hasText(bytes, at, "ds64") && body + 16 <= bytes.length) {
      longDataSize = Number(view.getBigUint64(body + 8, little));
    } else if (hasText(bytes, at, "data")) {
      if (size === 0xffffffff && longDataSize !== null) size = longDataSize;
      const streamed = size === 0xffffffff || (size === 0 && (riffSize === 0 || riffSize === 0xffffffff));
      data = { offset: body, size: streamed ? Number.POSITIVE_INFINITY : size };
    }
    at = body + size + (size % 2);
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
  const bytesPerSample = format.containerBits / 8;
  const { channels, frameBytes } = format;
  if (bytesPerSample < 1 || bytesPerSample > 8) {
    throw new UndertoneError(
      "audio/unsupported",
      `${name} says samples of ${format.containerBits} bits, expected 8 to 64.`,
    );
  }
  if (channels === 0 || frameBytes !== channels * bytesPerSample) {
    throw new UndertoneError(
      "audio/bad-channel-count",
      `${name} says ${channels} channels of ${format.containerBits} bits in frames of ${frameBytes} bytes, which does not fit.`,
    );
  }
  const there = Math.min(data.size, fileBytes - data.offset);
  return {
    channels,
    sampleRate: format.sampleRate,
    encoding: encoding === "signed" && bytesPerSample === 1 ? "unsigned" : encoding,
    bytesPerSample,
    bits: encoding === "signed" ? format.bits : 16,
    littleEndian: little,
    frameBytes,
    offset: data.offset,
    frames: Math.floor(there / frameBytes),
    claimedFrames: Number.isFinite(data.size) ? Math.floor(data.size / frameBytes) : null,
  };
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
