/** Uncompressed samples as WAV and AIFF store them. */
import { UndertoneError } from "../errors.js";

/** How one sample is written. */
export type PcmEncoding = "unsigned" | "signed" | "float" | "a-law" | "mu-law";

/** How samples are written, and how fast they go by. */
export interface PcmFormat {
  readonly channels: number;
  /** Hz, as the header has it. */
  readonly sampleRate: number;
  readonly encoding: PcmEncoding;
  /** Bytes of one sample of one channel. */
  readonly bytesPerSample: number;
  readonly littleEndian: boolean;
  /** Bytes of one sample of every channel, padding included. */
  readonly frameBytes: number;
}

/** Where the samples of a file lie and how to read them; nothing here exceeds the file. */
export interface PcmLayout extends PcmFormat {
  /** Significant bits, for the level that counts as clipped. */
  readonly bits: number;
  /** First byte of the samples, and how many whole frames are there. */
  readonly offset: number;
  readonly frames: number;
  /** How many frames the header claims. */
  readonly claimedFrames: number;
  /** One sentence where the header is less true than the data, which were read. */
  readonly remark?: string | undefined;
}

/** Bytes of the whole file, where less of it is at hand. */
export interface FileBytes {
  readonly fileBytes?: number | undefined;
}

/** What a header says of samples that lie side by side, each in as few bytes as its bits need. */
export interface PcmHeader extends Pick<PcmFormat, "channels" | "sampleRate" | "encoding" | "littleEndian"> {
  readonly bits: number;
}

/** Returns the format of such samples. */
export function pcmFormat({ bits, ...header }: PcmHeader): PcmFormat {
  const bytesPerSample = Math.ceil(bits / 8);
  return { ...header, bytesPerSample, frameBytes: header.channels * bytesPerSample };
}

/** Returns the format with its significant bits. @throws UndertoneError `audio/bad-channel-count` (zero), `audio/unsupported` (samples of impossible size). */
export function checkedFormat(name: string, header: PcmHeader): PcmFormat & Pick<PcmLayout, "bits"> {
  const { channels, bits, encoding } = header;
  if (channels === 0)
    throw new UndertoneError("audio/bad-channel-count", `${name} says 0 channels, expected at least 1.`);
  if (bits < 1 || bits > 64)
    throw new UndertoneError("audio/unsupported", `${name} says samples of ${bits} bits, expected 8 to 64.`);
  const isInteger = encoding === "signed" || encoding === "unsigned";
  return { ...pcmFormat(header), bits: isInteger ? bits : 16 };
}

/** Frames read at a time. */
const blockFrames = 16384;

/** Returns the magnitude from which a sample counts as clipped: the largest positive value that the format can hold. */
export function fullScale(bits: number): number {
  return 1 - 2 ** (1 - Math.min(bits, 16));
}

/**
 * Yields the samples, block by block, one array per channel; the arrays are used again for the next block.
 * Integers are divided by 2^(bits − 1), so that the same integers give the same numbers whatever the container.
 */
export function* pcmBlocks(
  bytes: Uint8Array,
  layout: PcmFormat & Pick<PcmLayout, "offset" | "frames">,
): Generator<readonly Float32Array[]> {
  const { channels, frameBytes, offset, frames } = layout;
  const read = sampleReader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), layout);
  const size = Math.min(frames, Math.max(256, Math.floor(blockFrames / channels)));
  const block = Array.from({ length: channels }, () => new Float32Array(size));
  const stride = frameBytes / channels;
  for (let first = 0; first < frames; first += size) {
    const count = Math.min(size, frames - first);
    for (let c = 0; c < channels; c++) {
      read(offset + first * frameBytes + c * stride, frameBytes, block[c], count);
    }
    yield count === size ? block : block.map((channel) => channel.subarray(0, count));
  }
}

/** Reads `count` samples, `stride` bytes apart, from byte `at` on. */
type SampleReader = (at: number, stride: number, out: Float32Array, count: number) => void;

function sampleReader(view: DataView, layout: PcmFormat): SampleReader {
  const { encoding, bytesPerSample, littleEndian: le } = layout;
  const each =
    (value: (at: number) => number): SampleReader =>
    (at, stride, out, count) => {
      for (let i = 0, p = at; i < count; i++, p += stride) out[i] = value(p);
    };
  switch (`${encoding}${bytesPerSample * 8}`) {
    case "unsigned8":
      return each((p) => (view.getUint8(p) - 128) / 128);
    case "signed8":
      return each((p) => view.getInt8(p) / 128);
    case "signed16":
      return each((p) => view.getInt16(p, le) / 32768);
    case "signed24":
      return le
        ? each((p) => (view.getUint16(p, true) | (view.getInt8(p + 2) << 16)) / 8388608)
        : each((p) => (view.getUint16(p + 1) | (view.getInt8(p) << 16)) / 8388608);
    case "signed32":
      return each((p) => view.getInt32(p, le) / 2147483648);
    case "float32":
      return each((p) => view.getFloat32(p, le));
    case "float64":
      return each((p) => view.getFloat64(p, le));
    case "a-law8":
      return each((p) => aLaw(view.getUint8(p)) / 32768);
    case "mu-law8":
      return each((p) => muLaw(view.getUint8(p)) / 32768);
    default:
      throw new UndertoneError(
        "audio/unsupported",
        `Cannot read ${bytesPerSample * 8}-bit ${encoding} samples, expected 8, 16, 24 or 32-bit integers or 32 or 64-bit floats.`,
      );
  }
}

/** Returns the 16-bit value of an A-law code (ITU-T G.711). */
function aLaw(code: number): number {
  const x = code ^ 0x55;
  const segment = (x >> 4) & 7;
  let value = ((x & 15) << 4) + 8;
  if (segment > 0) value = (value + 256) << (segment - 1);
  return x & 0x80 ? value : -value;
}

/** Returns the 16-bit value of a µ-law code (ITU-T G.711). */
function muLaw(code: number): number {
  const x = ~code & 0xff;
  const value = ((((x & 15) << 3) + 132) << ((x >> 4) & 7)) - 132;
  return x & 0x80 ? -value : value;
}
