/** Makes hostile files of honest ones: flipped, cut, spliced, repeated, with counts that lie. Everything follows from the random stream. */
import type { Random } from "@undertone/core/math";

/** What counts and lengths are set to. */
const extremes = [
  0, 1, 2, 255, 65535, 0x7fff_fff0, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff, 0x0fff_ffff,
];

type Mutation = (bytes: Uint8Array, chance: Random, other: Uint8Array) => Uint8Array;

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** Returns a place in the file: half of them near its beginning, where headers are. */
function place(bytes: Uint8Array, chance: Random): number {
  return chance.integer(chance.next() < 0.5 ? Math.min(bytes.length, 512) : bytes.length);
}

/** Returns a stretch of at most a quarter of the file. */
function stretch(bytes: Uint8Array, chance: Random): Uint8Array {
  const from = place(bytes, chance);
  return bytes.slice(from, from + 1 + chance.integer(bytes.length / 4 + 1));
}

/** Writes one number, in a size and order of bytes as counts have. */
function writeExtreme(bytes: Uint8Array, at: number, chance: Random): void {
  const value = extremes[chance.integer(extremes.length)];
  const size = [1, 2, 4, 4, 4, 8][chance.integer(6)];
  const little = chance.next() < 0.5;
  for (let i = 0; i < size && at + i < bytes.length; i++) {
    const byte = little ? i : size - 1 - i;
    bytes[at + i] = byte < 4 ? (value >>> (8 * byte)) & 255 : 0;
  }
}

const flip: Mutation = (bytes, chance) => {
  for (let n = 1 + chance.integer(16); n > 0; n--) bytes[place(bytes, chance)] ^= 1 << chance.integer(8);
  return bytes;
};
const counts: Mutation = (bytes, chance) => {
  for (let n = 1 + chance.integer(3); n > 0; n--) writeExtreme(bytes, place(bytes, chance), chance);
  return bytes;
};
/** Lies behind something that looks like the name of a box, chunk or header. */
const namedCounts: Mutation = (bytes, chance) => {
  const isName = (at: number): boolean => bytes.subarray(at, at + 4).every((code) => code > 32 && code < 127);
  const start = chance.integer(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const at = (start + i) % bytes.length;
    if (!isName(at)) continue;
    writeExtreme(bytes, Math.max(0, at - 4 + chance.integer(32)), chance);
    break;
  }
  return bytes;
};
const overwrite: Mutation = (bytes, chance) => {
  const from = place(bytes, chance);
  const to = Math.min(bytes.length, from + 1 + chance.integer(64));
  for (let at = from; at < to; at++) bytes[at] = chance.integer(256);
  return bytes;
};
const cut: Mutation = (bytes, chance) => bytes.slice(0, place(bytes, chance));
const remove: Mutation = (bytes, chance) => {
  const from = place(bytes, chance);
  return joined(bytes.subarray(0, from), bytes.subarray(from + 1 + chance.integer(bytes.length / 4 + 1)));
};
const repeat: Mutation = (bytes, chance) => {
  const part = stretch(bytes, chance);
  const at = place(bytes, chance);
  const times = 1 + chance.integer(part.length < 64 ? 500 : 8);
  return joined(bytes.subarray(0, at), ...new Array<Uint8Array>(times).fill(part), bytes.subarray(at));
};
const splice: Mutation = (bytes, chance, other) => {
  const at = place(bytes, chance);
  return joined(bytes.subarray(0, at), stretch(other, chance), bytes.subarray(at));
};
const graft: Mutation = (bytes, chance, other) =>
  joined(bytes.subarray(0, place(bytes, chance)), other.subarray(place(other, chance)));

const byteMutations = [
  flip,
  flip,
  counts,
  counts,
  namedCounts,
  namedCounts,
  overwrite,
  cut,
  remove,
  repeat,
  splice,
  graft,
];

/** What takes the place of a word or number of a text. */
const words = [
  ..."0 -1 1e309 -0 NaN 1e-400 9007199254740993 null true \" ' \\ [ ] { } , ; =1+1 __proto__ constructor toString ../../.. /dev/zero %00".split(
    " ",
  ),
  ...["", "\t", "\n", "\r", "\0", "\ufeff", "\ud800", "\u202e", "é".normalize("NFD")],
  ...["[".repeat(5000), '{"a":'.repeat(2000), "x".repeat(100_000), "9".repeat(400)],
];

const tokens: Mutation = (bytes, chance) => {
  const parts = new TextDecoder().decode(bytes).split(/([\s,;:{}[\]"]+)/);
  for (let n = 1 + chance.integer(3); n > 0; n--)
    parts[chance.integer(parts.length)] = words[chance.integer(words.length)];
  return new TextEncoder().encode(parts.join(""));
};
const lines: Mutation = (bytes, chance, other) => {
  const own = new TextDecoder().decode(bytes).split("\n");
  const all = [...own, ...new TextDecoder().decode(other).split("\n")];
  for (let n = chance.integer(20); n > 0; n--)
    own.splice(chance.integer(own.length + 1), chance.integer(2), all[chance.integer(all.length)]);
  return new TextEncoder().encode(own.join("\n"));
};

const textMutations = [tokens, tokens, tokens, lines, flip, overwrite, cut, remove, repeat, splice];

/** Returns a hostile file made of `bytes`, which stay as they are; pieces of `other` may be in it. */
export function mutate(
  bytes: Uint8Array,
  other: Uint8Array,
  { chance, text }: { readonly chance: Random; readonly text: boolean },
): Uint8Array {
  const mutations = text ? textMutations : byteMutations;
  let result: Uint8Array = bytes.slice();
  for (let n = chance.next() < 0.7 ? 1 : 2 + chance.integer(3); n > 0 && result.length > 0; n--)
    result = mutations[chance.integer(mutations.length)](result, chance, other);
  if (new TextDecoder().decode(result.subarray(0, 4)) === "OggS" && chance.next() < 0.7) sealOggPages(result);
  return result;
}

/** Gives each page of Ogg the checksum of what is in it now (RFC 3533, section 6): a decoder passes over a page whose own is wrong. */
function sealOggPages(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 27 <= bytes.length && view.getUint32(at) === 0x4f676753; ) {
    let end = at + 27 + bytes[at + 26];
    for (let i = at + 27; i < at + 27 + bytes[at + 26]; i++) end += bytes[i] ?? 0;
    if (end > bytes.length) return;
    view.setUint32(at + 22, 0);
    let sum = 0;
    for (let i = at; i < end; i++) {
      sum ^= bytes[i] << 24;
      for (let bit = 0; bit < 8; bit++) sum = (sum << 1) ^ (sum < 0 ? 0x04c11db7 : 0);
    }
    view.setUint32(at + 22, sum >>> 0, true);
    at = end;
  }
}
