/** AIFF headers that are less true than their data. */
import { describe, expect, it } from "vitest";
import { fullScale, pcmBlocks } from "./pcm.js";
import { readAiff } from "./read-aiff.js";

const values = Array.from({ length: 1000 }, (_, i) => Math.round(9000 * Math.sin(i / 7)));

interface Lengths {
  readonly form?: number;
  readonly frames?: number;
  readonly sound?: number;
}

/** Returns an AIFF-C file of `raw ` bytes, which have no sign. */
function rawBytes(...data: number[]): Uint8Array {
  const bytes = Buffer.from(`FORM\0\0\0\0AIFCCOMM\0\0\0\x18${"\0".repeat(18)}raw \0\0SSND`, "latin1");
  bytes.writeUInt32BE(50 + data.length, 4);
  bytes.writeUInt16BE(1, 20);
  bytes.writeUInt32BE(data.length, 22);
  bytes.writeUInt16BE(8, 26);
  bytes.set([0x40, 0x0b, 0xfa], 28); // 8000 in 80 bits
  return Uint8Array.from([...bytes, 0, 0, 0, 8 + data.length, ...new Uint8Array(8), ...data]);
}

/** Returns an AIFF file of 16-bit samples at 16 kHz; `lengths` replace the true ones. */
function aiffBytes({
  form = 46 + 2 * values.length,
  frames = values.length,
  sound = 8 + 2 * values.length,
}: Lengths = {}): Uint8Array {
  const bytes = new Uint8Array(54 + 2 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [at, text] of [
    [0, "FORM"],
    [8, "AIFFCOMM"],
    [38, "SSND"],
  ] as const)
    bytes.set(Buffer.from(text), at);
  view.setUint32(4, form);
  view.setUint32(16, 18);
  view.setUint16(20, 1);
  view.setUint32(22, frames);
  view.setUint16(26, 16);
  bytes.set([0x40, 0x0c, 0xfa], 28); // 16000 in 80 bits
  view.setUint32(42, sound);
  values.forEach((value, i) => {
    view.setInt16(54 + 2 * i, value);
  });
  return bytes;
}

function samples(bytes: Uint8Array): number[] {
  return [...pcmBlocks(bytes, readAiff(bytes, "clip.aiff"))].flatMap(([channel]) => [...channel]);
}

describe("readAiff", () => {
  it("reads a true header without a remark", () => {
    expect(readAiff(aiffBytes(), "clip.aiff")).toMatchObject({
      sampleRate: 16000,
      frames: 1000,
      claimedFrames: 1000,
      remark: undefined,
    });
    expect(samples(aiffBytes())).toEqual(values.map((value) => value / 32768));
  });

  it("counts the largest value of 8 bits without a sign as clipped", () => {
    const layout = readAiff(rawBytes(0, 128, 255, 254), "clip.aifc");
    expect(layout).toMatchObject({ sampleRate: 8000, frames: 4, encoding: "unsigned", bits: 8 });
    expect(samples(rawBytes(0, 128, 255, 254))).toEqual([-1, 0, fullScale(layout.bits), 126 / 128]);
  });

  it.each<[string, Lengths]>([
    ["a pipe of ffmpeg", { form: 0, frames: 0, sound: 0 }],
    ["a pipe of sox", { form: 0x7f000050, frames: 0x3f800000, sound: 0x7f000008 }],
    ["unknown lengths", { form: 0xffffffff, frames: 0xffffffff, sound: 0xffffffff }],
    ["a writer that was never closed", { form: 46, frames: 0, sound: 8 }],
    ["no number of frames", { frames: 0 }],
    ["a sound chunk too large", { sound: 8 + 2 * values.length + 44 }],
    ["too many frames", { frames: values.length + 7 }],
  ])("reads all samples, with a remark: %s", (_, lengths) => {
    const bytes = aiffBytes(lengths);
    expect(samples(bytes)).toEqual(samples(aiffBytes()));
    const { remark } = readAiff(bytes, "clip.aiff");
    expect(remark).toMatch(/^clip\.aiff was read, though its header says \d+ [^.]+ are\.$/);
  });

  it("leaves a cut file cut, and finds what stands behind an ID3 tag", () => {
    const cut = readAiff(aiffBytes().subarray(0, 1054), "clip.aiff");
    expect(cut).toMatchObject({ frames: 500, claimedFrames: 1000, remark: undefined });
    const tagged = Uint8Array.from([
      ...Buffer.from("ID3\x04\0\0\0\0\0\x0a"),
      ...new Uint8Array(10),
      ...aiffBytes(),
    ]);
    expect(samples(tagged)).toEqual(samples(aiffBytes()));
    expect(readAiff(tagged, "clip").remark).toBe(
      "clip was read, though an ID3 tag stands before its header.",
    );
  });
});
