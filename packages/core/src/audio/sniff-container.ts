/** Tells what kind of audio file some bytes are, by their content. */
import { mpegFrame } from "./mpeg-frame.js";
import { oggPage } from "./ogg-page.js";

/**
 * What the bytes are: `m4a` is any MP4 or QuickTime file, `webm` any Matroska one, whether or not a picture goes with the sound;
 * `mp3` any MPEG layer; `aac` an ADTS stream.
 */
export const audioContainers = [
  "wav",
  "aiff",
  "caf",
  "au",
  "w64",
  "flac",
  "mp3",
  "aac",
  "ogg-vorbis",
  "ogg-opus",
  "ogg-flac",
  "webm",
  "m4a",
] as const;

export type AudioContainer = (typeof audioContainers)[number];

/** Returns the container that the first bytes of a file (64 KiB are enough) begin, or null when it is none that can be decoded. */
export function sniffContainer(bytes: Uint8Array): AudioContainer | null {
  const is = (at: number, text: string): boolean => hasText(bytes, at, text);
  const start = skipId3(bytes);
  if (["RIFF", "RF64", "BW64", "RIFX"].some((id) => is(start, id)) && is(start + 8, "WAVE")) return "wav";
  if (is(start, "FORM") && (is(start + 8, "AIFF") || is(start + 8, "AIFC"))) return "aiff";
  if (is(0, "caff")) return "caf";
  if (is(0, ".snd") || is(0, "dns.")) return "au";
  if (is(0, "riff\x2e\x91\xcf\x11") && is(24, "wave")) return "w64";
  if (is(0, "OggS")) return sniffOgg(bytes);
  if (bytes[0] === 0x1a && bytes[1] === 0x45 && bytes[2] === 0xdf && bytes[3] === 0xa3) return "webm";
  if (is(4, "ftyp") || is(4, "moov") || is(4, "mdat") || is(4, "wide")) return "m4a";
  if (is(start, "fLaC")) return "flac";
  if (start > 0 && start >= bytes.length) return "mp3";
  return sniffMpeg(bytes, start);
}

/** Returns whether the ASCII `text` stands at index `at`. */
export function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  if (at < 0 || at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Returns the index behind the ID3v2 tags that `bytes` begin with (it may lie beyond the end), 0 when there is none. */
export function skipId3(bytes: Uint8Array): number {
  let at = 0;
  while (hasText(bytes, at, "ID3") && at + 10 <= bytes.length) {
    const [a, b, c, d] = [bytes[at + 6], bytes[at + 7], bytes[at + 8], bytes[at + 9]];
    const footer = (bytes[at + 5] & 0x10) !== 0 ? 10 : 0;
    at += 10 + ((a & 0x7f) << 21) + ((b & 0x7f) << 14) + ((c & 0x7f) << 7) + (d & 0x7f) + footer;
  }
  return at;
}

/** Looks at the pages that begin a stream, of which a file may have several (a picture, a skeleton). */
function sniffOgg(bytes: Uint8Array): AudioContainer | null {
  for (let at = 0; hasText(bytes, at, "OggS") && at + 27 <= bytes.length; ) {
    const { body, end, isFirst } = oggPage(bytes, at);
    if (!isFirst) break;
    if (hasText(bytes, body, "\x01vorbis")) return "ogg-vorbis";
    if (hasText(bytes, body, "OpusHead")) return "ogg-opus";
    if (hasText(bytes, body, "\x7fFLAC")) return "ogg-flac";
    at = end;
  }
  return null;
}

/** MPEG audio has no magic number: expects frames one behind the other, three of them when something else stands before. */
function sniffMpeg(bytes: Uint8Array, start: number): AudioContainer | null {
  const end = Math.min(bytes.length, start + 4096);
  for (let first = start; first < end; first++) {
    if (bytes[first] !== 0xff) continue;
    const needed = first === start ? 2 : 3;
    const head = mpegFrame(bytes, first);
    if (head === null || head.bytes === null) continue;
    let at = first;
    let seen = 0;
    while (seen < needed && at < bytes.length) {
      const frame = mpegFrame(bytes, at);
      if (
        frame === null ||
        frame.bytes === null ||
        frame.sampleRate !== head.sampleRate ||
        frame.kind !== head.kind
      )
        break;
      at += frame.bytes;
      seen++;
    }
    if (seen === needed || (first === start && at >= bytes.length))
      return head.kind === "adts" ? "aac" : "mp3";
  }
  return null;
}
