/**
 * The layout of a WAV file (RIFF, RIFX, RF64, BW64).
 * A reader of our own, because the reader of audio-decode 3.12 scales positive samples by another factor than negative ones (a kink at
 * zero, and other values than AIFF), does not skip the pad byte of odd chunks, accepts files that are cut short and divides by a zero channel count.
 */
import { withoutChunk } from "./audio-refusals.js";
import type { FileBytes, PcmLayout } from "./pcm.js";
import { isChunk, nextChunk, trueLength } from "./riff-length.js";
import { hasText, skipId3 } from "./sniff-container.js";
import { readFormat, type WavFormat, wavLayout } from "./wav-format.js";

/**
 * Returns where the samples of a WAV file lie. Chunks may stand in any order, before or after the samples; an ID3 tag may stand before all. Where
 * lengths or the frame's bytes are less true than the data, the data are read and the layout has a remark. `bytes` may be the file's beginning, of `fileBytes` in all.
 * @throws UndertoneError `audio/truncated` (no format or no data), `audio/unsupported` (compressed) or `audio/bad-channel-count` (zero).
 */
export function readWav(
  bytes: Uint8Array,
  name: string,
  { fileBytes = bytes.length }: FileBytes = {},
): PcmLayout {
  const start = skipId3(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = !hasText(bytes, start, "RIFX");
  let riffSize = start + 8 <= bytes.length ? view.getUint32(start + 4, littleEndian) : 0;
  let format: WavFormat | null = null;
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
  if (format === null) throw withoutChunk(name, bytes, "WAV without a format");
  if (data === null) throw withoutChunk(name, bytes, "WAV without a data");
  const { offset } = data;
  const rest = fileBytes - offset;
  const length = trueLength({
    claimed: data.size,
    rest,
    before: offset - start,
    claimedFile: riffSize + 8,
    chunkFollows: isChunk(bytes, offset, { fileBytes, littleEndian }),
  });
  return wavLayout(bytes, format, { ...length, name, offset, rest, littleEndian, tagged: start > 0 });
}
