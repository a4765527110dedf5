/** The frame headers of MPEG audio layers I to III (ISO/IEC 11172-3, 13818-3) and of AAC in ADTS (ISO/IEC 13818-7). */

/** What one frame header says. */
export interface MpegFrame {
  readonly kind: "mpeg" | "adts";
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples per channel. */
  readonly samples: number;
  /** Length of the frame with its header, null for the free format. */
  readonly bytes: number | null;
}

const rates = [44100, 48000, 32000];
const adtsRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
// kbit/s by bit-rate index: MPEG 1 layers I, II, III, then MPEG 2 and 2.5 layer I, layers II and III.
const bitRates = [
  [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

/** Returns the frame whose header stands at index `at`, or null when none does. */
export function mpegFrame(bytes: Uint8Array, at: number): MpegFrame | null {
  if (at + 4 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1] & 0xe0) !== 0xe0) return null;
  const [second, third, fourth] = [bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  const layer = 4 - ((second >> 1) & 3);
  if (layer === 4) return (second & 0xf0) === 0xf0 ? adtsFrame(bytes, at) : null;
  const version = (second >> 3) & 3; // 0: MPEG 2.5, 2: MPEG 2, 3: MPEG 1
  const rateIndex = (third >> 2) & 3;
  const bitIndex = third >> 4;
  if (version === 1 || rateIndex === 3 || bitIndex === 15 || (fourth & 3) === 2) return null;
  const sampleRate = rates[rateIndex] / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const channels = fourth >> 6 === 3 ? 1 : 2;
  const samples = layer === 1 ? 384 : layer === 3 && version !== 3 ? 576 : 1152;
  if (bitIndex === 0) return { kind: "mpeg", sampleRate, channels, samples, bytes: null };
  const table = version === 3 ? layer - 1 : layer === 1 ? 3 : 4;
  const bits = bitRates[table][bitIndex - 1] * 1000;
  const padding = (third >> 1) & 1;
  const length =
    layer === 1
      ? (Math.floor((12 * bits) / sampleRate) + padding) * 4
      : Math.floor(((samples / 8) * bits) / sampleRate) + padding;
  return { kind: "mpeg", sampleRate, channels, samples, bytes: length };
}

function adtsFrame(bytes: Uint8Array, at: number): MpegFrame | null {
  if (at + 7 > bytes.length) return null;
  const sampleRate = adtsRates[(bytes[at + 2] >> 2) & 15];
  const length = ((bytes[at + 3] & 3) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >> 5);
  if (sampleRate === undefined || length < 7) return null;
  const channels = ((bytes[at + 2] & 1) << 2) | (bytes[at + 3] >> 6);
  return { kind: "adts", sampleRate, channels, samples: 1024 * ((bytes[at + 6] & 3) + 1), bytes: length };
}

/** Returns what a Xing or Info header in the frame at `at` says, frames in all without it; undefined when there is none, null when more bytes are needed to tell. */
export function mpegLength(
  bytes: Uint8Array,
  at: number,
  { kind, samples, channels }: MpegFrame,
): { readonly frames?: number } | undefined | null {
  if (kind !== "mpeg") return undefined;
  const sideInfo = samples === 1152 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  const tag = at + 4 + sideInfo;
  if (tag + 12 > bytes.length) return null;
  const name = String.fromCharCode(...bytes.subarray(tag, tag + 4));
  if (name !== "Xing" && name !== "Info") return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + tag, 12);
  return (view.getUint8(7) & 1) === 1 ? { frames: view.getUint32(8) } : {};
}
