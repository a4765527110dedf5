/** Chained Ogg files are cut where their links begin, whatever the pieces in which they come. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type OggPiece, oggLinkSplitter } from "./ogg-links.js";

const clip = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../test/audio/${name}`, import.meta.url)));
const concat = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

function split(bytes: Uint8Array, size: number): OggPiece[] {
  const splitter = oggLinkSplitter();
  const pieces: OggPiece[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(...splitter(bytes.slice(at, at + size)));
  return [...pieces, ...splitter()];
}

/** Returns each link's kind and bytes. */
function links(pieces: readonly OggPiece[]): [OggPiece["begins"], Uint8Array][] {
  const found: [OggPiece["begins"], Uint8Array[]][] = [];
  for (const { begins, bytes } of pieces) {
    if (begins !== undefined) found.push([begins, [bytes]]);
    else found.at(-1)![1].push(bytes);
  }
  return found.map(([begins, parts]) => [begins, concat(parts)]);
}

describe("oggLinkSplitter", () => {
  const vorbis = clip("vorbis.ogg");
  const opus = clip("mono.opus");
  const flac = clip("flac.ogg");

  it.each([1, 7, 100, 4096, 1e6])("gives each link and its kind, in pieces of %i bytes", (size) => {
    const chain = concat([vorbis, vorbis, opus, flac]);
    expect(links(split(chain, size))).toEqual([
      ["ogg-vorbis", vorbis],
      ["ogg-vorbis", vorbis],
      ["ogg-opus", opus],
      ["ogg-flac", flac],
    ]);
  });

  it("keeps streams that begin together in one link", () => {
    const skeleton = vorbis.slice(0, 58); // the first page, made another stream
    skeleton.set(new TextEncoder().encode("fishead\0"), 28);
    const both = concat([skeleton, vorbis]);
    for (const size of [13, 1e6]) {
      expect(links(split(both, size))).toEqual([["ogg-vorbis", both]]);
      expect(links(split(concat([both, both]), size))).toHaveLength(2);
    }
  });

  it("gives back every byte of what is cut or damaged", () => {
    const noise = Uint8Array.from({ length: 3000 }, (_, i) => (i * i) % 251);
    for (const bytes of [vorbis.subarray(0, 1000), concat([vorbis, noise, vorbis]), noise]) {
      for (const size of [11, 1e6])
        expect(concat(split(bytes, size).map((piece) => piece.bytes))).toEqual(bytes);
    }
    expect(links(split(concat([vorbis, noise, vorbis]), 500))).toHaveLength(2);
  });
});
