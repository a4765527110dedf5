/** The layout of an AU file (Sun and NeXT, also .snd): a header of 24 bytes and more, then samples. */
import { UndertoneError } from "../errors.js";
import { compressedInside } from "./audio-refusals.js";
import { checkedFormat, type FileBytes, type PcmEncoding, type PcmLayout } from "./pcm.js";
import { isPlaceholder } from "./riff-length.js";
import { hasText } from "./sniff-container.js";

/** What is inside, by number: how a sample is written, and its bits. */
const encodings: Readonly<Record<number, readonly [PcmEncoding, number]>> = {
  1: ["mu-law", 8],
  2: ["signed", 8],
  3: ["signed", 16],
  4: ["signed", 24],
  5: ["signed", 32],
  6: ["float", 32],
  7: ["float", 64],
  27: ["a-law", 8],
};
/** The length of a writer that did not know it, as the format has it. */
const unknown = 0xffffffff;

/**
 * Returns where the samples of an AU file lie.
 * @throws UndertoneError `audio/truncated` (no header), `audio/unsupported` (compressed) or `audio/bad-channel-count` (zero).
 */
export function readAu(
  bytes: Uint8Array,
  name: string,
  { fileBytes = bytes.length }: FileBytes = {},
): PcmLayout {
  if (bytes.length < 24) {
    throw new UndertoneError(
      "audio/truncated",
      `${name} is cut short: an AU header of ${bytes.length} bytes, expected 24.`,
    );
  }
  const littleEndian = hasText(bytes, 0, "dns.");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [offset, claimed, code, sampleRate, channels] = [4, 8, 12, 16, 20].map((at) =>
    view.getUint32(at, littleEndian),
  );
  if (encodings[code] === undefined)
    throw compressedInside(name, { kind: "an AU", what: `encoding ${code}`, ending: "au" });
  const [encoding, bits] = encodings[code];
  const format = checkedFormat(name, { channels, sampleRate, encoding, bits, littleEndian });
  const { frameBytes } = format;
  const rest = Math.max(0, fileBytes - offset);
  const open = (claimed === 0 && rest > 0) || (claimed > rest && isPlaceholder(claimed));
  const size = open ? rest : claimed;
  const remark = `${name} was read, though its header says ${claimed} bytes of samples where ${rest} are.`;
  return {
    ...format,
    offset,
    frames: Math.floor(Math.min(size, rest) / frameBytes),
    claimedFrames: Math.floor(size / frameBytes),
    remark: open && claimed !== unknown ? remark : undefined,
  };
}
