/** Counts and lengths in headers are bounded by the file, and the files that are read today go on being read. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { headerFault } from "./header-fault.js";
import { type AudioContainer, sniffContainer } from "./sniff-container.js";

const folder = new URL("../../../../test/audio/", import.meta.url);
const clip = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));
const u32 = (value: number): number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];
const le32 = (value: number): number[] => u32(value).reverse();
const box = (type: string, body: readonly number[]): number[] => [
  ...u32(8 + body.length),
  ...ascii(type),
  ...body,
];

/** A film whose sound track holds one table. */
function film(table: readonly number[], parent = ["moov", "trak", "mdia", "minf", "stbl"]): Uint8Array {
  const tree = parent.reduceRight<number[]>((inner, type) => box(type, inner), [...table]);
  return Uint8Array.from([...box("ftyp", ascii("isom")), ...tree]);
}

function fault(bytes: Uint8Array | readonly number[], container: AudioContainer): string | null {
  return headerFault(Uint8Array.from(bytes), container);
}

const huge = 0x7fffffff;

describe("headerFault", () => {
  it("finds nothing in the files of the test folder", () => {
    for (const name of readdirSync(folder).filter((file) => !file.endsWith(".ts") && !file.endsWith(".sh"))) {
      const bytes = clip(name);
      expect(headerFault(bytes, sniffContainer(bytes)!), name).toBeNull();
    }
  });

  const zeros = (count: number): number[] => new Array(count).fill(0);
  // Each with room for two rows; `count` is how many are said.
  const tables: Record<string, (count: number) => number[]> = {
    stts: (n) => [0, 0, 0, 0, ...u32(n), ...zeros(16)],
    ctts: (n) => [0, 0, 0, 0, ...u32(n), ...zeros(16)],
    stsc: (n) => [0, 0, 0, 0, ...u32(n), ...zeros(24)],
    stco: (n) => [0, 0, 0, 0, ...u32(n), ...zeros(8)],
    co64: (n) => [0, 0, 0, 0, ...u32(n), ...zeros(16)],
    stss: (n) => [0, 0, 0, 0, ...u32(n), ...zeros(8)],
    stsd: (n) => [0, 0, 0, 0, ...u32(n), ...zeros(16)],
    stsz: (n) => [0, 0, 0, 0, ...u32(0), ...u32(n), ...zeros(8)],
    stz2: (n) => [0, 0, 0, 0, ...u32(8), ...u32(n), 0, 0],
    sbgp: (n) => [0, 0, 0, 0, ...ascii("roll"), ...u32(n), ...zeros(16)],
    sgpd: (n) => [1, 0, 0, 0, ...ascii("roll"), ...u32(2), ...u32(n), ...zeros(4)],
    saiz: (n) => [0, 0, 0, 0, 0, ...u32(n), 1, 1],
    saio: (n) => [0, 0, 0, 0, ...u32(n), ...zeros(8)],
  };
  it.each(Object.keys(tables))("bounds the rows of '%s' by its box", (type) => {
    expect(fault(film(box(type, tables[type](2))), "m4a")).toBeNull();
    for (const count of [3, 1000, huge, 0xffffffff]) {
      expect(fault(film(box(type, tables[type](count))), "m4a")).toMatch(
        `its table '${type}' says ${count} rows, expected at most 2`,
      );
    }
    expect(fault(film(box(type, [])), "m4a")).toMatch(/has 0 bytes, expected at least/);
  });

  it("bounds edit lists, fragments and indices", () => {
    const edits = (count: number): number[] => box("elst", [1, 0, 0, 0, ...u32(count), ...zeros(20)]);
    expect(fault(film(edits(1), ["moov", "trak", "edts"]), "m4a")).toBeNull();
    expect(fault(film(edits(huge), ["moov", "trak", "edts"]), "m4a")).toMatch(/'elst' says 2147483647 rows/);
    const run = (count: number, flags: number, rows: number): Uint8Array =>
      film(box("trun", [0, 0, flags >> 8, flags & 255, ...u32(count), ...zeros(rows)]), ["moof", "traf"]);
    expect(fault(run(2, 0x300, 16), "m4a")).toBeNull();
    expect(fault(run(3, 0x300, 16), "m4a")).toMatch(/'trun' says 3 rows, expected at most 2/);
    expect(fault(run(huge, 0x000, 0), "m4a")).toMatch(/'trun' says 2147483647 rows, expected at most \d\d/);
    const access = (count: number): number[] =>
      box("tfra", [0, 0, 0, 0, ...zeros(8), ...u32(count), ...zeros(11)]);
    expect(fault(film(access(1), ["mfra"]), "m4a")).toBeNull();
    expect(fault(film(access(2), ["mfra"]), "m4a")).toMatch(/'tfra' says 2 rows/);
    const index = (count: number): Uint8Array =>
      film(box("sidx", [...zeros(22), count >> 8, count & 255, ...zeros(12)]), []);
    expect(fault(index(1), "m4a")).toBeNull();
    expect(fault(index(65535), "m4a")).toMatch(/'sidx' says 65535 rows, expected at most 1/);
  });

  it("bounds what rows speak of by the file", () => {
    const plain = (type: string, ...values: number[]): Uint8Array =>
      film(box(type, [0, 0, 0, 0, ...values.flatMap(u32)]));
    expect(fault(plain("stts", 1, huge, 1024), "m4a")).toMatch(/'stts' speaks of 2147483647 samples/);
    expect(fault(plain("stsc", 1, 1, huge, 1), "m4a")).toMatch(/'stsc' speaks of/);
    expect(fault(plain("stsc", 2, 1, 1, 1, huge, 1, 1), "m4a")).toMatch(/'stsc' speaks of/);
    expect(fault(plain("stsz", 0, 2, 40, huge), "m4a")).toMatch(/'stsz' speaks of/);
    expect(fault(plain("stsz", 60, 3), "m4a")).toMatch(/'stsz' speaks of 180 samples or bytes/);
    expect(fault(plain("stsz", 1, huge), "m4a")).toMatch(/'stsz' says/);
  });

  it("bounds the nesting of boxes and what lies in them", () => {
    expect(fault(film([], new Array(20).fill("moov")), "m4a")).toBe("its boxes nest deeper than 12");
    expect(fault(film([...u32(1000), ...ascii("trak")], ["moov"]), "m4a")).toMatch(
      /'trak' ends \d+ bytes beyond/,
    );
  });

  it("bounds comments and blocks of FLAC", () => {
    const bytes = [...clip("s16.flac").subarray(0, 42)];
    bytes[4] = 0; // STREAMINFO is not the last block
    const comments = (vendor: number, count: number): number[] => [
      ...bytes,
      ...[0x84, 0, 0, 14, ...le32(vendor), 1, 2, ...le32(count), 0, 0, 0, 0],
    ];
    expect(fault(comments(2, 1), "flac")).toBeNull();
    expect(fault(comments(2, huge), "flac")).toBe("it says 2147483647 comments, expected at most 1");
    expect(fault(comments(huge, 1), "flac")).toMatch(/a text of 2147483647 bytes, of 14/);
    expect(fault([...bytes.slice(0, 7), 200, ...bytes.slice(8)], "flac")).toMatch(/STREAMINFO has 200 bytes/);
    expect(fault([...bytes, 0x83, 0, 0, 17], "flac")).toMatch(/SEEKTABLE has 17 bytes/);
  });

  it.each([
    ["vorbis.ogg", "ogg-vorbis", "\x03vorbis"],
    ["mono.opus", "ogg-opus", "OpusTags"],
  ] as const)("bounds the comments of %s", (name, container, tag) => {
    const at = Buffer.from(clip(name)).indexOf(tag, 0, "latin1") + tag.length;
    for (const place of [at, at + 4 + clip(name)[at]]) {
      const bytes = clip(name);
      bytes.set(le32(huge), place);
      expect(fault(bytes, container)).toMatch(/2147483647/);
    }
  });

  it("bounds the elements of WebM by those that they are in", () => {
    const tracks = (size: number): number[] => [0x16, 0x54, 0xae, 0x6b, 0x84, 0xae, 0x80 + size, 0xd7, 0x80];
    const segment = [0x1a, 0x45, 0xdf, 0xa3, 0x80, 0x18, 0x53, 0x80, 0x67, 0xff];
    expect(fault([...segment, ...tracks(2)], "webm")).toBeNull();
    expect(fault([...segment, ...tracks(5)], "webm")).toBe(
      "its element 0xae ends 3 bytes beyond the one that it is in",
    );
    const nested = new Array(5000).fill([0xae, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).flat();
    expect(fault([0x1a, 0x45, 0xdf, 0xa3, 0x80, ...nested], "webm")).toBe("its elements nest deeper than 10");
  });
});
