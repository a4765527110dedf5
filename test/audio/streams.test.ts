/** Streams one real file of each container and holds it against the decode of the whole. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type ByteSource,
  decodeBytes,
  defaultDecodeLimits,
  openAudioStream,
  statedSeconds,
} from "@undertone/core/audio";
import { describe, expect, it } from "vitest";
import { openCodec } from "./open-codec.js";

const file = (name: string) => new Uint8Array(readFileSync(fileURLToPath(new URL(name, import.meta.url))));

/** A source that gives copies, as files do, and knows how much was asked of it at once. */
function sourceOf(bytes: Uint8Array): ByteSource & { most: number } {
  const source = {
    size: bytes.length,
    most: 0,
    async read(from: number, to: number) {
      source.most = Math.max(source.most, to - from);
      return bytes.slice(from, to);
    },
  };
  return source;
}

const names = [
  "s24-stereo.wav",
  "s24.aiff",
  "s16.flac",
  "s24-stereo.flac",
  "flac.ogg",
  "stereo.mp3",
  "mono.aac",
  "vorbis.ogg",
  "mono.opus",
  "opus.webm",
  "vorbis.webm",
  "mono.m4a",
  "alac.m4a",
  "fragmented.m4a",
  "s24.mov",
  "flac.mka",
  "video.mp4",
];

describe("openAudioStream", () => {
  it.each(names)("%s gives the samples of the whole, or of a span", async (name) => {
    const bytes = file(name);
    for (const span of [{}, { start: 0.02, end: 0.07 }]) {
      const whole = await decodeBytes(bytes, { limits: defaultDecodeLimits, openCodec, ...span });
      const stream = await openAudioStream(sourceOf(bytes), { openCodec, ...span });
      expect(stream).toMatchObject({ container: whole.container, sampleRate: whole.wave.sampleRate });
      const heard: number[] = [];
      for await (const piece of stream.pieces()) heard.push(...piece);
      expect(heard).toEqual(Array.from(whole.wave.samples));
      await stream.close();
    }
  });

  it("gives what is there of a cut file, then refuses it", async () => {
    const bytes = file("../../examples/clips/03-01-03-01-02-01-12.flac");
    const stream = await openAudioStream(sourceOf(bytes.subarray(0, bytes.length - 1000)), { openCodec });
    expect(stream.seconds).toBeCloseTo(3.4, 0);
    let samples = 0;
    await expect(async () => {
      for await (const piece of stream.pieces()) samples += piece.length;
    }).rejects.toMatchObject({ code: "audio/truncated" });
    expect(samples).toBeGreaterThan(2 * 16000);
    expect(stream.progress).toBe(1);
  });

  it("says how long a file is before it is decoded, where the file does", async () => {
    for (const [name, seconds] of [
      ["mono.m4a", 0.5],
      ["alac.m4a", 0.2],
      ["vorbis.ogg", 0.5],
      ["mono.opus", 0.5],
      ["flac.ogg", 0.2],
      ["opus.webm", 0.5],
      ["stereo.mp3", 0.5],
    ] as const) {
      const stream = await openAudioStream(sourceOf(file(name)), { openCodec });
      expect(Math.abs(stream.seconds! - seconds), name).toBeLessThan(0.06);
      await stream.close();
    }
  });

  it("opens no decoder for a span that cannot be", async () => {
    const opening = openAudioStream(sourceOf(file("mono.opus")), {
      start: 2,
      end: 1,
      openCodec: () => Promise.reject(new Error("opened")),
    });
    await expect(opening).rejects.toMatchObject({ code: "audio/too-short" });
  });

  it("says how long a recording from the middle of a broadcast is", async () => {
    const bytes = file("vorbis.ogg");
    const view = new DataView(bytes.buffer);
    for (
      let at = Buffer.from(bytes).indexOf("OggS");
      at >= 0;
      at = Buffer.from(bytes).indexOf("OggS", at + 1)
    ) {
      const position = view.getBigInt64(at + 6, true);
      if (position > 0n) view.setBigInt64(at + 6, position + 16000n * 10_000n, true);
    }
    expect(await statedSeconds(sourceOf(bytes))).toBeLessThan(1);
  });

  it("trims a track to what its edit list presents", async () => {
    const { wave } = await decodeBytes(file("mono.m4a"), { limits: defaultDecodeLimits, openCodec });
    expect(wave.samples.length).toBe(22050);
  });

  it("decodes HE-AAC, which phones record, at its full rate", async () => {
    const bytes = file("he-aac.m4a");
    const { wave, sourceChannels } = await decodeBytes(bytes, { limits: defaultDecodeLimits, openCodec });
    expect({ sourceChannels, rate: wave.sampleRate }).toEqual({ sourceChannels: 2, rate: 44100 });
    const middle = wave.samples.subarray(11025, 15435); // 44 periods of 440 Hz, of which the left channel has half
    const at = (part: (angle: number) => number): number =>
      middle.reduce((sum, value, i) => sum + value * part((2 * Math.PI * 440 * i) / 44100), 0);
    expect((2 * Math.hypot(at(Math.cos), at(Math.sin))) / middle.length).toBeCloseTo(0.25, 1);
  });

  it("takes no more of a long file at a time than of a short one", async () => {
    const adts = file("mono.aac");
    const times = 400;
    const many = new Uint8Array(adts.length * times);
    for (let i = 0; i < times; i++) many.set(adts, i * adts.length);
    const source = sourceOf(many);
    const stream = await openAudioStream(source, { openCodec });
    let samples = 0;
    let longest = 0;
    for await (const piece of stream.pieces()) {
      samples += piece.length;
      longest = Math.max(longest, piece.length);
    }
    expect(samples).toBe(14336 * times);
    expect(longest).toBeLessThan(2 ** 19);
    expect(source.most).toBeLessThanOrEqual(2 ** 20);
  });

  it("lets go of its decoder when it is closed early", async () => {
    let freed = 0;
    const stream = await openAudioStream(sourceOf(file("mono.opus")), {
      openCodec: async (name, config) => {
        const codec = await openCodec(name, config);
        return Object.assign((...data: Parameters<typeof codec>) => codec(...data), {
          free() {
            freed++;
            codec.free();
          },
        });
      },
    });
    await stream.close();
    expect(freed).toBe(1);
  });
});
