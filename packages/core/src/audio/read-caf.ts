/** The layout of a CAF file (Apple Core Audio Format 1.0). */
import { UndertoneError } from "../errors.js";
import { compressedInside, withoutChunk } from "./audio-refusals.js";
import { checkedFormat, type FileBytes, type PcmEncoding, type PcmLayout } from "./pcm.js";
import { isChunkName } from "./riff-length.js";
import { hasText } from "./sniff-container.js";

/**
 * Returns where the samples of a CAF file lie; a data length of -1 means the rest of the file.
 * @throws UndertoneError `audio/truncated` (no description or no data), `audio/unsupported` (compressed) or `audio/bad-channel-count` (zero).
 */
export function readCaf(
  bytes: Uint8Array,
  name: string,
  { fileBytes = bytes.length }: FileBytes = {},
): PcmLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let description: number | null = null;
  let data: { offset: number; size: number } | null = null;
  for (let at = 8; at + 12 <= bytes.length && (description === null || data === null); ) {
    const size = Number(view.getBigInt64(at + 4));
    const body = at + 12;
    if (hasText(bytes, at, "desc") && body + 32 <= bytes.length) description = body;
    else if (hasText(bytes, at, "data")) data = { offset: body + 4, size: size - 4 };
    if (size < 0) break;
    at = body + size;
  }
  if (description === null) throw withoutChunk(name, bytes, "CAF without a description");
  if (data === null) throw withoutChunk(name, bytes, "CAF without a data");
  const id = String.fromCharCode(...bytes.subarray(description + 8, description + 12));
  const flags = view.getUint32(description + 12);
  const packetBytes = view.getUint32(description + 16);
  const channels = view.getUint32(description + 24);
  const bits = view.getUint32(description + 28);
  const encoding = encodingOf(id, flags);
  if (encoding === undefined) throw compressedInside(name, { kind: "a CAF", what: `'${id}'`, ending: "caf" });
  const sampleRate = view.getFloat64(description);
  const littleEndian = (flags & 2) !== 0;
  const format = checkedFormat(name, { channels, sampleRate, encoding, bits, littleEndian });
  if (packetBytes !== format.frameBytes) {
    throw new UndertoneError(
      "audio/unsupported",
      `${name} says ${channels} channels of ${bits} bits in packets of ${packetBytes} bytes, expected whole samples side by side.`,
    );
  }
  const rest = Math.max(0, fileBytes - data.offset);
  // -1 is the format's own word for an unknown length; 0 with samples behind is a writer that was never closed.
  const unclosed = data.size === 0 && rest > 0 && !isChunkName(bytes, data.offset);
  const size = data.size < 0 || unclosed ? rest : data.size;
  return {
    ...format,
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
