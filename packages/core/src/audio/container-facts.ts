/** What the beginning of a compressed stream says about it: enough to refuse it early and to see that samples are missing. */
import type { DecoderStart } from "./encoded.js";
import { mpegFrame, mpegLength } from "./mpeg-frame.js";
import { type AudioContainer, skipId3 } from "./sniff-container.js";

/** A field is absent when the stream does not say. */
export interface StreamFacts {
  readonly channels?: number;
  /** Samples per channel that should come out; a decoder that gives fewer has met a cut or damaged file. */
  readonly frames?: number;
  readonly seconds?: number;
  /** Bits of an integer sample, when the codec is lossless and its decoder's scaling is to be undone. */
  readonly losslessBits?: number;
}

/** Returns what the first bytes (64 KiB behind tags are enough) say. */
export function streamFacts(head: Uint8Array, container: AudioContainer): StreamFacts {
  if (container === "flac") return flacFacts(head, skipId3(head) + 8);
  // The first page holds a head of 9 bytes and what FLAC begins with.
  if (container === "ogg-flac") return bitsIn(head, 27 + head[26] + 9 + 8);
  return container === "mp3" ? mp3Facts(head, skipId3(head)) : {};
}

/** STREAMINFO (RFC 9639, section 8.2). */
function flacFacts(bytes: Uint8Array, at: number): StreamFacts {
  if (at + 34 > bytes.length) return { frames: Number.POSITIVE_INFINITY };
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 34);
  const packed = view.getUint32(10);
  const frames = (packed & 15) * 2 ** 32 + view.getUint32(14);
  const sampleRate = packed >>> 12;
  return {
    channels: ((packed >>> 9) & 7) + 1,
    losslessBits: ((packed >>> 4) & 31) + 1,
    ...(frames > 0 ? { frames } : {}),
    ...(frames > 0 && sampleRate > 0 ? { seconds: frames / sampleRate } : {}),
  };
}

/** Returns the decoder of FLAC whose packets a container describes by what a file of FLAC begins with. */
export function flacStart(prefix: Uint8Array): DecoderStart {
  return { codec: "flac", prefix, ...bitsIn(prefix, 8) };
}

function bitsIn(bytes: Uint8Array, at: number): StreamFacts {
  const { losslessBits } = flacFacts(bytes, at);
  return losslessBits === undefined ? {} : { losslessBits };
}

/** The first frame, and the number of frames in a Xing or Info header. */
function mp3Facts(bytes: Uint8Array, start: number): StreamFacts {
  let at = start;
  const limit = Math.min(bytes.length, start + 65536);
  while (at < limit && mpegFrame(bytes, at) === null) at++;
  const head = mpegFrame(bytes, at);
  if (head === null) return {};
  const { frames } = mpegLength(bytes, at, head) ?? {};
  return {
    channels: head.channels,
    ...(frames === undefined ? {} : { seconds: (frames * head.samples) / head.sampleRate }),
  };
}
