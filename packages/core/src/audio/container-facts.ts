/** What a compressed file says about itself, found without decoding it: enough to refuse it early and to see that it is cut. */

import { mp4Facts } from "./mp4-facts.js";
import { mpegFrame } from "./mpeg-frame.js";
import { type AudioContainer, type ContainerFacts, hasText, skipId3 } from "./sniff-container.js";
import { webmFacts } from "./webm-facts.js";

/** Returns what the bytes of a compressed file say about it. */
export function containerFacts(bytes: Uint8Array, container: AudioContainer): ContainerFacts {
  switch (container) {
    case "flac":
      return flacFacts(bytes, skipId3(bytes));
    case "mp3":
    case "aac":
      return mpegFacts(bytes);
    case "ogg-vorbis":
    case "ogg-opus":
    case "ogg-flac":
      return oggFacts(bytes);
    case "webm":
      return webmFacts(bytes);
    case "m4a":
      return mp4Facts(bytes);
    default:
      return { cut: false };
  }
}

/** STREAMINFO (RFC 9639, section 8.2). */
function flacFacts(bytes: Uint8Array, start: number): ContainerFacts {
  const at = start + 8;
  if (at + 34 > bytes.length) return { cut: true };
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 34);
  const packed = view.getUint32(10);
  const frames = (packed & 15) * 2 ** 32 + view.getUint32(14);
  const bits = ((packed >>> 4) & 31) + 1;
  return {
    sampleRate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    losslessBits: bits,
    cut: false,
    ...(frames > 0 ? { frames } : {}),
  };
}

/** Walks the frames; a Xing or Info header in the first one tells how many there should be. */
function mpegFacts(bytes: Uint8Array): ContainerFacts {
  let at = skipId3(bytes);
  const limit = Math.min(bytes.length, at + 65536);
  while (at < limit && mpegFrame(bytes, at) === null) at++;
  const head = mpegFrame(bytes, at);
  if (head === null || head.bytes === null) return { cut: false };
  const sideInfo = head.samples === 1152 ? (head.channels === 1 ? 17 : 32) : head.channels === 1 ? 9 : 17;
  const tag = at + 4 + sideInfo;
  const hasTag = head.kind === "mpeg" && (hasText(bytes, tag, "Xing") || hasText(bytes, tag, "Info"));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const promised =
    hasTag && tag + 12 <= bytes.length && (bytes[tag + 7] & 1) === 1 ? view.getUint32(tag + 8) : null;
  if (hasTag) at += head.bytes;
  let count = 0;
  let cut = false;
  while (at < bytes.length) {
    const frame = mpegFrame(bytes, at);
    if (frame === null || frame.bytes === null) {
      // A tag or padding ends the stream; the decoder finds its own way over anything else.
      break;
    }
    if (at + frame.bytes > bytes.length) {
      cut = true;
      break;
    }
    at += frame.bytes;
    count++;
  }
  const atEnd = cut || at >= bytes.length;
  const facts = {
    sampleRate: head.sampleRate,
    cut: cut || (promised !== null && atEnd && count < promised - 1),
  };
  const channels = head.channels > 0 ? { channels: head.channels } : {};
  return { ...facts, ...channels, seconds: ((promised ?? count) * head.samples) / head.sampleRate };
}

/** Walks the pages to the last one (RFC 3533): its granule position is the length, and it must be whole. */
function oggFacts(bytes: Uint8Array): ContainerFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let cut = false;
  while (at < bytes.length && hasText(bytes, at, "OggS")) {
    if (at + 27 > bytes.length) {
      cut = true;
      break;
    }
    const segments = view.getUint8(at + 26);
    let next = at + 27 + segments;
    for (let i = 0; i < segments; i++) next += bytes[at + 27 + i] ?? 0;
    if (next > bytes.length) {
      cut = true;
      break;
    }
    at = next;
  }
  return { cut };
}
