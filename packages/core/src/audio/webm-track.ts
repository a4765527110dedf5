/** The sound track that a WebM or Matroska file describes, and the packets in its blocks (RFC 9559). */
import { flacStart } from "./container-facts.js";
import type { DecoderStart } from "./encoded.js";
import { type PcmFormat, pcmFormat } from "./pcm.js";
import { elementHead, variableInteger } from "./webm-elements.js";

export interface WebmElement {
  readonly id: number;
  readonly body: Uint8Array;
}

export interface WebmTrack {
  readonly number: number;
  readonly starts: DecoderStart;
  readonly channels: number;
}

/** Yields the elements in the body of another. */
export function* children(body: Uint8Array): Generator<WebmElement> {
  for (let at = 0; at < body.length; ) {
    const head = elementHead(body, at);
    if (!head || head.size === null) return;
    at += head.length;
    yield { id: head.id, body: body.subarray(at, at + head.size) };
    at += head.size;
  }
}

/** Returns the first sound track in the body of a Tracks element, undefined when there is none. @throws Error "unsupported …" for a codec that is not read. */
export function webmTrack(tracks: Uint8Array): WebmTrack | undefined {
  for (const { id, body } of children(tracks)) {
    if (id !== 0xae) continue;
    const entry = new Map([...children(body)].map((child) => [child.id, child.body]));
    if (unsigned(entry.get(0x83)) !== 2) continue;
    if (entry.has(0x6d80)) throw new Error("unsupported: its sound is packed once more");
    const audio = new Map(
      [...children(entry.get(0xe1) ?? new Uint8Array(0))].map((child) => [child.id, child.body]),
    );
    const codec = String.fromCharCode(...(entry.get(0x86) ?? [])).replace(/\0+$/, "");
    const channels = unsigned(audio.get(0x9f)) || 1;
    const sound = {
      channels,
      sampleRate: float(audio.get(0xb5)) ?? 8000,
      bits: unsigned(audio.get(0x6264)) || 16,
    };
    const starts = decoderOf(codec, entry.get(0x63a2), sound);
    return { number: unsigned(entry.get(0xd7)), starts, channels };
  }
  return undefined;
}

interface Sound {
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

function decoderOf(codec: string, config: Uint8Array | undefined, sound: Sound): DecoderStart {
  const needed = (): Uint8Array => {
    if (!config) throw new Error(`unsupported: its sound (${codec}) has no description`);
    return config;
  };
  if (codec === "A_OPUS") return { codec: "opus-packets", config: needed() };
  if (codec === "A_VORBIS") return { codec: "vorbis", config: needed() };
  if (codec.startsWith("A_AAC")) return { codec: "aac", config: needed() };
  if (codec === "A_FLAC") return flacStart(needed());
  if (codec === "A_MPEG/L3") return { codec: "mp3" };
  if (codec === "A_ALAC") return { codec: "alac", config: needed().subarray(0, 24) };
  const format = codec.startsWith("A_PCM/") ? formatOf(codec, sound) : undefined;
  if (!format) throw new Error(`unsupported: its sound is coded as ${codec}`);
  return { codec: "pcm", format };
}

function formatOf(codec: string, sound: Sound): PcmFormat | undefined {
  const { bits, channels } = sound;
  if (bits % 8 !== 0 || bits > 64 || channels > 256) return undefined;
  const encoding = codec === "A_PCM/FLOAT/IEEE" ? "float" : bits === 8 ? "unsigned" : "signed";
  return pcmFormat({ ...sound, encoding, littleEndian: codec !== "A_PCM/INT/BIG" });
}

/** Returns the packets of a block when it is the track's (RFC 9559, section 10.3); those that reach beyond the block are left out. */
export function laced(block: Uint8Array, track: number): readonly Uint8Array[] {
  const number = variableInteger(block, 0, false);
  if (number?.value !== track) return [];
  const flags = block[number.length + 2];
  const lacing = (flags >> 1) & 3;
  let at = number.length + 3;
  if (lacing === 0) return at < block.length ? [block.subarray(at)] : [];
  const count = block[at++] + 1;
  const sizes: number[] = [];
  if (lacing === 2) sizes.push(...new Array<number>(count - 1).fill(Math.floor((block.length - at) / count)));
  while (lacing !== 2 && sizes.length < count - 1) {
    if (lacing === 1) {
      let size = 0;
      let byte = 255;
      while (byte === 255 && at < block.length) size += byte = block[at++];
      sizes.push(size);
      if (at >= block.length) break;
      continue;
    }
    const value = variableInteger(block, at, false);
    if (!value || value.value === null) return [];
    at += value.length;
    const last = sizes.at(-1);
    sizes.push(last === undefined ? value.value : last + value.value - (2 ** (7 * value.length - 1) - 1));
  }
  const packets: Uint8Array[] = [];
  for (const size of [...sizes, block.length - at - sizes.reduce((sum, each) => sum + each, 0)]) {
    if (size < 0 || at + size > block.length) break;
    packets.push(block.subarray(at, at + size));
    at += size;
  }
  return packets;
}

/** Returns the three headers in the description of a Vorbis track. @throws Error when they are not there. */
export function vorbisHeaders(config: Uint8Array): readonly [Uint8Array, Uint8Array, Uint8Array] {
  let at = 1;
  const size = (): number => {
    let sum = 0;
    let byte = 255;
    while (byte === 255 && at < config.length) sum += byte = config[at++];
    return sum;
  };
  const [first, second] = [size(), size()];
  if (config[0] !== 2 || at + first + second >= config.length)
    throw new Error("its description of Vorbis does not hold three headers");
  const middle = at + first + second;
  return [config.subarray(at, at + first), config.subarray(at + first, middle), config.subarray(middle)];
}

/** Returns the number that an element holds, 0 for none. */
export function unsigned(bytes: Uint8Array = new Uint8Array(0)): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Returns the float that an element holds. */
export function float(bytes: Uint8Array | undefined): number | undefined {
  if (bytes?.length !== 4 && bytes?.length !== 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return bytes.length === 4 ? view.getFloat32(0) : view.getFloat64(0);
}
