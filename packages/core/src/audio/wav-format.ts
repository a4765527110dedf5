/** The format block of WAV and of its 64-bit kin W64, and the layout that it gives to samples of a known place. */
import { UndertoneError } from "../errors.js";
import { compressedInside } from "./audio-refusals.js";
import { checkedFormat, type PcmEncoding, type PcmLayout } from "./pcm.js";
import { remarkOn, type TrueLength, tagBefore } from "./riff-length.js";

/** What a format block says. */
export interface WavFormat {
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
  56: "NMS ADPCM",
  64: "G.721 ADPCM",
  69: "G.726 ADPCM",
  80: "MPEG",
  85: "MP3",
  255: "AAC",
  353: "Windows Media Audio",
  8192: "AC-3",
  8193: "DTS",
};

/** The samples of a file: where they begin, how long they are, and how many bytes are there. */
export interface WavSamples extends TrueLength {
  readonly offset: number;
  readonly rest: number;
  readonly littleEndian: boolean;
  /** Whether an ID3 tag stands before the file. */
  readonly tagged?: boolean;
  /** What messages call the container. */
  readonly container?: "wav" | "w64";
}

/**
 * Returns the layout of samples in this format; `bytes` are the file or its beginning.
 * @throws UndertoneError `audio/unsupported` (compressed, or samples of impossible size) or `audio/bad-channel-count` (zero).
 */
export function wavLayout(
  bytes: Uint8Array,
  format: WavFormat,
  { name, ...samples }: WavSamples & { readonly name: string },
): PcmLayout {
  const { tag, channels, sampleRate, containerBits } = format;
  const { offset, size, rest, littleEndian, container = "wav" } = samples;
  if (encodings[tag] === undefined) {
    const what = otherFormats[tag] ?? `format 0x${tag.toString(16)}`;
    throw compressedInside(name, { kind: `a ${container.toUpperCase()}`, what, ending: container });
  }
  const encoding = tag === 1 && containerBits === 8 ? "unsigned" : encodings[tag];
  const header = { channels, sampleRate, encoding, bits: containerBits, littleEndian };
  const checked = checkedFormat(name, header);
  const there = Math.max(0, Math.min(size, rest));
  const { bytesPerSample, frameBytes, remark } = frameSize(format, bytes.subarray(offset, offset + there));
  return {
    ...checked,
    bits: tag === 1 ? format.bits : checked.bits,
    bytesPerSample,
    frameBytes,
    offset,
    frames: Math.floor(there / frameBytes),
    claimedFrames: Math.floor(size / frameBytes),
    remark: remarkOn(name, [samples.tagged && tagBefore, samples.remark, remark]),
  };
}

interface FrameSize {
  readonly bytesPerSample: number;
  readonly frameBytes: number;
  readonly remark?: string;
}

/** Returns the bytes of a frame that the data bear out: channels × bits, whatever the header says, but for 24 bits in 4 bytes. */
function frameSize({ channels, containerBits, frameBytes }: WavFormat, data: Uint8Array): FrameSize {
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
  // Silence fits both: what follows it decides.
  for (let i = 0; i + 4 <= data.length && (i < 2 ** 16 || (upper && lower)); i += 4) {
    upper &&= data[i] === 0;
    lower &&= data[i + 3] === (data[i + 2] < 128 ? 0 : 255);
  }
  return upper ? 4 : lower ? 3 : null;
}

/** Reads a format block. @throws UndertoneError `audio/truncated` for less than 16 bytes. */
export function readFormat(chunk: Uint8Array, little: boolean, name: string): WavFormat {
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
