/** Files piece by piece: the samples of the whole, in bounded memory. Compressed ones are in test/audio. */
import { describe, expect, it } from "vitest";
import { wavBytes } from "../../../../test/cli/synthetic-audio.js";
import { openAudioStream } from "./audio-stream.js";
import type { ByteSource } from "./byte-source.js";
import { decodeBytes } from "./decode-bytes.js";
import { defaultDecodeLimits } from "./decode-limits.js";

function sourceOf(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (from, to) => bytes.slice(from, to) };
}

const openCodec = (): never => {
  throw new TypeError("no codec for WAV");
};

async function whole(bytes: Uint8Array): Promise<Float32Array> {
  return (await decodeBytes(bytes, { limits: defaultDecodeLimits, openCodec })).wave.samples;
}

async function pieces(source: ByteSource): Promise<number[]> {
  const stream = await openAudioStream(source, { openCodec });
  const result: number[] = [];
  for await (const piece of stream.pieces()) for (const value of piece) result.push(value);
  return result;
}

const noise = Float32Array.from({ length: 400_001 }, (_, i) => 0.9 * Math.sin(i * i * 1e-3));

describe("openAudioStream", () => {
  it.each([
    [1, 1],
    [2, 1],
    [1, 3],
    [3, 3],
  ] as const)("gives the samples of the whole: %i channels, format %i", async (channels, format) => {
    const samples = noise.subarray(0, noise.length - (noise.length % channels));
    const bytes = wavBytes(samples, { channels, format, sampleRate: 44_100 });
    const stream = await openAudioStream(sourceOf(bytes), { openCodec });
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
    const stream = (await openAudioStream(source, { openCodec }))!;
    expect(stream.seconds).toBe(seconds);
    let samples = 0;
    for await (const piece of stream.pieces()) samples += piece.length;
    expect(samples).toBe(8000 * seconds);
    expect(most).toBeLessThanOrEqual(2 ** 20);
  });

  it("finds samples that begin late", async () => {
    const plain = wavBytes(noise.subarray(0, 1000));
    const picture = 2 ** 21;
    const late = new Uint8Array(plain.length + 8 + picture);
    late.set(plain.subarray(0, 36));
    late.set(new TextEncoder().encode("LIST"), 36);
    new DataView(late.buffer).setUint32(40, picture, true);
    late.set(plain.subarray(36), 44 + picture);
    expect(await pieces(sourceOf(late))).toEqual(Array.from(await whole(plain)));
  });

  it("gives a span, reading no more than that", async () => {
    const bytes = wavBytes(noise, { sampleRate: 8000 });
    const samples = await whole(bytes);
    let least = bytes.length;
    const source: ByteSource = {
      size: bytes.length,
      async read(from, to) {
        if (from > 0) least = Math.min(least, from);
        return bytes.slice(from, to);
      },
    };
    const stream = await openAudioStream(source, { openCodec, start: 40, end: 41.5 });
    const span: number[] = [];
    for await (const piece of stream.pieces()) span.push(...piece);
    expect(span).toEqual(Array.from(samples.subarray(320_000, 332_000)));
    expect(least).toBeGreaterThanOrEqual(2 * 320_000);
    const beyond = await openAudioStream(source, { openCodec, start: 49, end: 60 });
    await expect(async () => {
      for await (const _ of beyond.pieces());
    }).rejects.toMatchObject({ code: "audio/too-short" });
  });

  it("refuses what is cut short, empty or not a number, as the whole is refused", async () => {
    const short = wavBytes(noise.subarray(0, 1000), { claimedBytes: 4000 });
    const empty = wavBytes([]);
    for (const bytes of [short, empty]) {
      const expected = await whole(bytes).catch((error: unknown) => error);
      await expect(openAudioStream(sourceOf(bytes), { openCodec })).rejects.toMatchObject({
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
