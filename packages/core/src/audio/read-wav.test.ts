/** WAV headers that are less true than their data: read where the file bears the data out, cut where it does not. */
import { describe, expect, it } from "vitest";
import { int16Bytes, type WavParts, wavBytes } from "../../../../test/audio/wav-bytes.js";
import { pcmBlocks } from "./pcm.js";
import { readWav } from "./read-wav.js";

const values = Array.from({ length: 4001 }, (_, i) => Math.round(9000 * Math.sin(i / 7)));
const data = int16Bytes(values);
const riffSize = 36 + data.length;

function samples(bytes: Uint8Array): number[] {
  const result: number[] = [];
  for (const [channel] of pcmBlocks(bytes, readWav(bytes, "clip.wav"))) result.push(...channel);
  return result;
}

const plain = samples(wavBytes({ data }));

describe("readWav", () => {
  it("says nothing of a header that is true", () => {
    for (const parts of [{}, { riffSize: 0 }, { after: [["LIST", new Uint8Array(26)]] as const }])
      expect(readWav(wavBytes({ data, ...parts }), "clip.wav")).toMatchObject({
        frames: 4001,
        remark: undefined,
      });
  });

  const placeholders = [0x7ffff000, 0x7fffffff, 0x80000000, 0x7fffffdb, 0xfffffff0, 0xfffffff8, 0xffffffff];
  const untrue: [string, WavParts][] = [
    ...placeholders.flatMap((size): [string, WavParts][] => [
      [`a data length of ${size}`, { dataSize: size }],
      [`a data length of ${size}, and RIFF's`, { dataSize: size, riffSize: Math.min(size + 36, 0xffffffff) }],
      [`a data length of ${size}, and none of RIFF`, { dataSize: size, riffSize: 0 }],
    ]),
    ["no lengths", { dataSize: 0, riffSize: 0 }],
    ["a writer that was never closed", { dataSize: 0, riffSize: 36 }],
    ["a writer that filled in the file's length only", { dataSize: 0, riffSize }],
    ["no data length behind a length that was not known", { dataSize: 0, riffSize: 0xffffffff }],
    ["a data length a few bytes too large", { dataSize: data.length + 4, riffSize }],
    ["a data length that counts the header", { dataSize: data.length + 44, riffSize }],
    ["frames of 4 bytes", { frameBytes: 4 }],
    ["frames of 1 byte", { frameBytes: 1 }],
    ["frames of 0 bytes", { frameBytes: 0 }],
  ];
  it.each(untrue)("reads all samples, with a remark: %s", (_, parts) => {
    const bytes = wavBytes({ data, ...parts });
    expect(samples(bytes)).toEqual(plain);
    expect(readWav(bytes, "clip.wav")).toMatchObject({
      frames: 4001,
      claimedFrames: 4001,
      remark: expect.stringMatching(/^clip\.wav was read, though its header says [^.]+ bytes [^.]+\.$/),
    });
  });

  it("leaves a cut file cut", () => {
    const whole = wavBytes({ data });
    for (const length of [whole.length - 2, 1000, 60]) {
      const layout = readWav(whole.subarray(0, length), "clip.wav");
      expect(layout).toMatchObject({ claimedFrames: 4001, frames: (length - 44) >> 1, remark: undefined });
    }
    const both = wavBytes({ data, dataSize: data.length + 4, riffSize: riffSize + 4 });
    expect(readWav(both, "clip.wav")).toMatchObject({ claimedFrames: 4003, frames: 4001 });
  });

  it("takes a data chunk of 0 bytes for empty where other chunks follow", () => {
    const bytes = wavBytes({ dataSize: 0, after: [["LIST", new Uint8Array(26)]] });
    expect(readWav(bytes, "clip.wav")).toMatchObject({ frames: 0, claimedFrames: 0, remark: undefined });
  });

  it.each([
    ["above", 1],
    ["below", 0],
  ])("reads 24 bits in 4 bytes under the plain tag, %s the free byte, behind silence too", (_, skip) => {
    for (const [channels, silence] of [
      [1, 0],
      [2, 0],
      [1, 20_000],
    ]) {
      const wide = new Uint8Array((silence + values.length) * 4);
      const packed = new Uint8Array((silence + values.length) * 3);
      values.forEach((value, n) => {
        const i = silence + n;
        const fine = value * 200 + 1;
        new DataView(wide.buffer).setInt32(4 * i, skip === 1 ? fine * 256 : fine, true);
        packed.set([fine & 255, (fine >> 8) & 255, (fine >> 16) & 255], 3 * i);
      });
      const bytes = wavBytes({ data: wide, channels, bits: 24, frameBytes: 4 * channels });
      expect(samples(bytes)).toEqual(samples(wavBytes({ data: packed, channels, bits: 24 })));
      expect(readWav(bytes, "clip.wav").remark).toBe(
        "clip.wav was read, though its samples of 24 bits have 4 bytes each.",
      );
    }
  });

  it("finds what stands behind an ID3 tag, and behind a chunk without its pad byte", () => {
    const tagged = Uint8Array.from([
      ...Buffer.from("ID3\x04\0\0\0\0\0\x0a"),
      ...new Uint8Array(10),
      ...wavBytes({ data }),
    ]);
    expect(samples(tagged)).toEqual(plain);
    expect(readWav(tagged, "clip").remark).toBe("clip was read, though an ID3 tag stands before its header.");
    const odd = wavBytes({ data, before: [["LIST", new Uint8Array(3)]] });
    const at = 12 + 24 + 8 + 3;
    expect(odd[at]).toBe(0);
    expect(samples(odd)).toEqual(plain);
    expect(samples(Uint8Array.from([...odd.subarray(0, at), ...odd.subarray(at + 1)]))).toEqual(plain);
  });

  it("counts on beyond 4 GiB, where 32 bits began anew", () => {
    const bytes = wavBytes({ data, dataSize: 7, riffSize: 43 });
    const layout = readWav(bytes, "clip.wav", { fileBytes: 44 + 7 + 2 ** 32 });
    expect(layout.frames).toBe(Math.floor((7 + 2 ** 32) / 2));
    expect(layout.remark).toMatch(/7 bytes of samples where 4294967303 are/);
  });
});
