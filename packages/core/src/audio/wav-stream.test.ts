/** WAV files piece by piece: the samples of the whole, in bounded memory. */
import { describe, expect, it } from "vitest";
import { wavBytes } from "../../../../test/cli/synthetic-audio.js";
import { decodeBytes } from "./decode-bytes.js";
import { defaultDecodeLimits } from "./decode-limits.js";
import { type ByteSource, openWavStream } from "./wav-stream.js";

function sourceOf(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (from, to) => bytes.slice(from, to) };
}

async function whole(bytes: Uint8Array): Promise<Float32Array> {
  const openCodec = (): never => {
    throw new TypeError("no codec for WAV");
  };
  return (await decodeBytes(bytes, { limits: defaultDecodeLimits, openCodec })).wave.samples;
}

async function pieces(source: ByteSource): Promise<number[]> {
  const stream = await openWavStream(source);
  const result: number[] = [];
  for await (const piece of stream!.pieces()) for (const value of piece) result.push(value);
  return result;
}

const noise = Float32Array.from({ length: 400_001 }, (_, i) => 0.9 * Math.sin(i * i * 1e-3));

describe("openWavStream", () => {
  it.each([
    [1, 1],
    [2, 1],
    [1, 3],
    [3, 3],
  ] as const)("gives the samples of the whole: %i channels, format %i", async (channels, format) => {
    const samples = noise.subarray(0, noise.length - (noise.length % channels));
    const bytes = wavBytes(samples, { channels, format, sampleRate: 44_100 });
    const stream = (await openWavStream(sourceOf(bytes)))!;
    expect(stream.sampleRate).toBe(44_100);
    expect(stream.seconds).toBeCloseTo(samples.length / channels / 44_100, 9);
    expect(await pieces(sourceOf(bytes))).toEqual(Array.from(await whole(bytes)));
  });

  it("reads more than an hour a piece at a time", async () => {
    const seconds = 1.5 * 3600;
    const head = wavBytes([], { sampleRate: 8000, claimedBytes: 2 * 8000 * seconds });
    let most = 0;
    const source: ByteSource = {
      size: head.length + 2 * 8000 * seconds,
      async read(from, to) {
        most = Math.max(most, to - from);
        const bytes = new Uint8Array(to - from);
        bytes.set(head.subarray(from, to));
        return bytes;
      },
    };
    const stream = (await openWavStream(source))!;
    expect(stream.seconds).toBe(seconds);
    let samples = 0;
    for await (const piece of stream.pieces()) samples += piece.length;
    expect(samples).toBe(8000 * seconds);
    expect(most).toBeLessThanOrEqual(2 ** 20);
  });

  it("leaves other containers, and samples that begin late, to who decodes whole files", async () => {
    expect(await openWavStream(sourceOf(new TextEncoder().encode("fLaC and so on")))).toBeUndefined();
    const plain = wavBytes(noise.subarray(0, 1000));
    const picture = 2 ** 20;
    const late = new Uint8Array(plain.length + 8 + picture);
    late.set(plain.subarray(0, 36));
    late.set(new TextEncoder().encode("LIST"), 36);
    new DataView(late.buffer).setUint32(40, picture, true);
    late.set(plain.subarray(36), 44 + picture);
    expect(await openWavStream(sourceOf(late))).toBeUndefined();
    expect(await whole(late)).toHaveLength(1000);
  });

  it("refuses what is cut short, empty or not a number, as the whole is refused", async () => {
    const short = wavBytes(noise.subarray(0, 1000), { claimedBytes: 4000 });
    const empty = wavBytes([]);
    for (const bytes of [short, empty]) {
      const expected = await whole(bytes).catch((error: unknown) => error);
      await expect(openWavStream(sourceOf(bytes))).rejects.toMatchObject({
        code: (expected as { code: string }).code,
        message: (expected as { message: string }).message,
      });
    }
    const wrong = wavBytes([0, Number.NaN, 0], { format: 3 });
    await expect(pieces(sourceOf(wrong))).rejects.toMatchObject({ code: "audio/not-finite" });
    const bytes = wavBytes(noise);
    const shrunk: ByteSource = {
      size: bytes.length,
      read: async (from, to) => bytes.slice(from, Math.min(to, 700_000)),
    };
    await expect(pieces(shrunk)).rejects.toMatchObject({ code: "audio/truncated" });
  });
});
