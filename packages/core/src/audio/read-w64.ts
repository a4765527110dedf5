/** The layout of a W64 file (Sony Wave64): WAV with lengths of 64 bits and names of 16 bytes. */
import { withoutChunk } from "./audio-refusals.js";
import type { FileBytes, PcmLayout } from "./pcm.js";
import { hasText } from "./sniff-container.js";
import { readFormat, type WavFormat, wavLayout } from "./wav-format.js";

/** Bytes of a chunk's name and length; the length counts them. */
const headBytes = 24;

/**
 * Returns where the samples of a W64 file lie; a length of 0 or beyond 2^62, as streaming writers leave it, means the rest of the file.
 * @throws UndertoneError as `readWav`.
 */
export function readW64(
  bytes: Uint8Array,
  name: string,
  { fileBytes = bytes.length }: FileBytes = {},
): PcmLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: WavFormat | null = null;
  let data: { offset: number; size: number } | null = null;
  for (let at = headBytes + 16; at + headBytes <= bytes.length && (format === null || data === null); ) {
    const size = Number(view.getBigUint64(at + 16, true));
    const body = at + headBytes;
    if (hasText(bytes, at, "fmt ")) format = readFormat(bytes.subarray(body, at + size), true, name);
    else if (hasText(bytes, at, "data")) data = { offset: body, size: size - headBytes };
    at += Math.max(headBytes, Math.ceil(size / 8) * 8);
  }
  if (format === null) throw withoutChunk(name, bytes, "W64 without a format");
  if (data === null) throw withoutChunk(name, bytes, "W64 without a data");
  const rest = fileBytes - data.offset;
  const claimedFile = Number(view.getBigUint64(16, true));
  const open = data.size <= 0 || data.size > 2 ** 62 || (data.size > rest && claimedFile === fileBytes);
  const remark = `its header says ${data.size} bytes of samples where ${rest} are`;
  const length = open && rest > 0 ? { size: rest, remark } : { size: Math.max(0, data.size) };
  return wavLayout(bytes, format, {
    ...length,
    name,
    offset: data.offset,
    rest,
    littleEndian: true,
    container: "w64",
  });
}
