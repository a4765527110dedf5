/** The layout of a CAF file (Apple Core Audio Format 1.0). */
import { UndertoneError } from "../errors.js";
import { converts } from "./name-format.js";
import type { PcmEncoding, PcmLayout } from "./pcm.js";
import { isChunkName } from "./riff-length.js";
import { hasText } from "./sniff-container.js";

interface Description {
  readonly sampleRate: number;
  readonly id: string;
  readonly flags: number;
  readonly packetBytes: number;
  readonly channels: number;
  readonly bits: number;
}

/**
 * Returns where the samples of a CAF file lie; a data length of -1 means the rest of the file.
 * @throws UndertoneError `audio/truncated` (no description or no data), `audio/unsupported` (compressed) or `audio/bad-channel-count` (zero).
 */
export function readCaf(
  bytes: Uint8Array,
  name: string,
  { fileBytes = bytes.length }: { readonly fileBytes?: number | undefined } = {},
): PcmLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let description: Description | null = null;
  let data: { offset: number; size: number } | null = null;
  for (let at = 8; at + 12 <= bytes.length && (description === null || data === null); ) {
    const size = Number(view.getBigInt64(at + 4));
    const body = at + 12;
    if (hasText(bytes, at, "desc") && body + 32 <= bytes.length) {
      description = {
        sampleRate: view.getFloat64(body),
        id: String.fromCharCode(...bytes.subarray(body + 8, body + 12)),
        flags: view.getUint32(body + 12),
        packetBytes: view.getUint32(body + 16),
        channels: view.getUint32(body + 24),
        bits: view.getUint32(body + 28),
      };
    } else if (hasText(bytes, at, "data")) data = { offset: body + 4, size: size - 4 };
    if (size < 0) break;
    at = body + size;
  }
  if (description === null || data === null) {
    const missing = description === null ? "description" : "data";
    throw new UndertoneError(
      "audio/truncated",
      `${name} is cut short: ${bytes.length} bytes of CAF without a ${missing} chunk.`,
    );
  }
  const { id, flags, channels, bits, packetBytes } = description;
  const encoding = encodingOf(id, flags);
  if (encoding === undefined) {
    throw new UndertoneError(
      "audio/unsupported",
      `${name} is a CAF file with '${id}' inside, expected uncompressed samples, A-law or µ-law: ${converts("caf")}.`,
    );
  }
  if (channels === 0) {
    throw new UndertoneError("audio/bad-channel-count", `${name} says 0 channels, expected at least 1.`);
  }
  const bytesPerSample = Math.ceil(bits / 8);
  if (bytesPerSample < 1 || bytesPerSample > 8 || packetBytes !== bytesPerSample * channels) {
    throw new UndertoneError(
      "audio/unsupported",
      `${name} says ${channels} channels of ${bits} bits in packets of ${packetBytes} bytes, expected whole samples of 8 to 64 bits side by side.`,
    );
  }
  const rest = Math.max(0, fileBytes - data.offset);
  // -1 is the format's own word for an unknown length; 0 with samples behind is a writer that was never closed.
  const unclosed = data.size === 0 && rest > 0 && !isChunkName(bytes, data.offset);
  const size = data.size < 0 || unclosed ? rest : data.size;
  return {
    channels,
    sampleRate: description.sampleRate,
    encoding,
    bytesPerSample,
    bits: encoding === "signed" ? bits : 16,
    littleEndian: (flags & 2) !== 0,
    frameBytes: packetBytes,
    offset: data.offset,
    frames: Math.floor(Math.min(size, rest) / packetBytes),
    claimedFrames: Math.floor(size / packetBytes),
    remark: unclosed
      ? `${name} was read, though its header says 0 bytes of samples where ${rest} are.`
      : undefined,
  };
}

function encodingOf(id: string, flags: number): PcmEncoding | undefined {
  if (id === "lpcm") return (flags & 1) !== 0 ? "float" : "signed";
  return id === "ulaw" ? "mu-law" : id === "alaw" ? "a-law" : undefined;
}
