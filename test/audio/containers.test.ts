/** Decodes one real file of each container (made by make.sh) and holds it against the formula that it was made from. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type DecodedBytes, decodeBytes, defaultDecodeLimits, sniffContainer } from "@undertone/core/audio";
import { describe, expect, it } from "vitest";
import { openCodec } from "./open-codec.js";

function file(name: string): Uint8Array {
  return new Uint8Array(readFileSync(fileURLToPath(new URL(name, import.meta.url))));
}

function decode(bytes: Uint8Array, limits = {}): Promise<DecodedBytes> {
  return decodeBytes(bytes, { limits: { ...defaultDecodeLimits, ...limits }, openCodec });
}

/** Returns the amplitude at a frequency in the middle of the audio, over whole periods of 20 Hz. */
function amplitude(samples: Float32Array, sampleRate: number, frequency: number): number {
  const period = sampleRate / 20;
  const count = Math.floor((samples.length * 0.9) / period) * period || samples.length;
  const first = Math.floor((samples.length - count) / 2);
  let re = 0;
  let im = 0;
  for (let i = first; i < first + count; i++) {
    re += samples[i] * Math.cos((2 * Math.PI * frequency * i) / sampleRate);
    im += samples[i] * Math.sin((2 * Math.PI * frequency * i) / sampleRate);
  }
  return (2 * Math.hypot(re, im)) / count;
}

// name, container, rate, seconds, channels, tolerance of the amplitude; lossy encoders may pad the length
const exact: [string, string, number, number, number, number][] = [
  ["u8.wav", "wav", 8000, 0.1, 1, 0.005],
  ["s16.wav", "wav", 16000, 0.2, 1, 1e-4],
  ["s24-stereo.wav", "wav", 8000, 0.1, 2, 1e-5],
  ["s32.wav", "wav", 8000, 0.1, 1, 1e-6],
  ["f32.wav", "wav", 8000, 0.1, 1, 1e-6],
  ["f64.wav", "wav", 8000, 0.1, 1, 1e-6],
  ["a-law.wav", "wav", 8000, 0.1, 1, 0.01],
  ["mu-law.wav", "wav", 8000, 0.1, 1, 0.01],
  ["rf64.wav", "wav", 8000, 0.1, 1, 1e-4],
  ["rate-384k.wav", "wav", 384000, 0.02, 1, 0.03],
  ["s8.aiff", "aiff", 8000, 0.1, 1, 0.005],
  ["s16.aiff", "aiff", 8000, 0.1, 1, 1e-4],
  ["aiff-inside.wav", "aiff", 8000, 0.1, 1, 1e-4],
  ["s24.aiff", "aiff", 8000, 0.1, 1, 1e-5],
  ["sowt.aifc", "aiff", 8000, 0.1, 1, 1e-4],
  ["f32.aifc", "aiff", 8000, 0.1, 1, 1e-6],
  ["s24.caf", "caf", 8000, 0.1, 1, 1e-5],
  ["f32.caf", "caf", 8000, 0.1, 1, 1e-6],
  ["s16.au", "au", 8000, 0.1, 2, 1e-4],
  ["mu-law.au", "au", 8000, 0.1, 1, 0.01],
  ["s16.w64", "w64", 8000, 0.1, 1, 1e-4],
  ["s16.flac", "flac", 16000, 0.2, 1, 1e-4],
  ["s24-stereo.flac", "flac", 44100, 0.1, 2, 1e-4],
  ["flac.ogg", "ogg-flac", 16000, 0.2, 1, 1e-4],
  ["alac.m4a", "m4a", 16000, 0.2, 1, 1e-4],
  ["alac-stereo.m4a", "m4a", 44100, 0.1, 2, 1e-4],
  ["s24.mov", "m4a", 8000, 0.1, 1, 1e-5],
  ["flac.mka", "webm", 16000, 0.2, 1, 1e-4],
];
const lossy: [string, string, number, number, number, number][] = [
  ["mono.mp3", "mp3", 16000, 0.5, 1, 0.05],
  ["stereo.mp3", "mp3", 44100, 0.5, 2, 0.05],
  ["mono.aac", "aac", 44100, 0.3, 1, 0.05],
  ["low.aac", "aac", 16000, 0.576, 1, 0.05],
  ["vorbis.ogg", "ogg-vorbis", 16000, 0.5, 1, 0.05],
  ["mono.opus", "ogg-opus", 48000, 0.5, 1, 0.05],
  ["opus.webm", "webm", 48000, 0.5, 1, 0.05],
  ["vorbis.webm", "webm", 16000, 0.5, 1, 0.05],
  ["mono.m4a", "m4a", 44100, 0.5, 1, 0.05],
  ["fragmented.m4a", "m4a", 44100, 0.5, 1, 0.05],
  ["opus.mp4", "m4a", 48000, 0.5, 1, 0.05],
  ["aac.mka", "webm", 44100, 0.5, 1, 0.05],
  ["video.mp4", "m4a", 44100, 0.5, 1, 0.05],
];

describe("containers", () => {
  it.each([...exact, ...lossy])(
    "%s is %s: %d Hz, %d s, %d channels",
    async (name, container, rate, seconds, channels, tolerance) => {
      const bytes = file(name);
      expect(sniffContainer(bytes)).toBe(container);
      const { wave, sourceChannels, identicalChannels } = await decode(bytes);
      expect(wave.sampleRate).toBe(rate);
      expect(sourceChannels).toBe(channels);
      expect(identicalChannels).toBe(false);
      const isLossy = lossy.some(([other]) => other === name);
      expect(wave.samples).toHaveProperty(
        "length",
        isLossy ? expect.any(Number) : Math.round(seconds * rate),
      );
      expect(Math.abs(wave.samples.length / rate - seconds)).toBeLessThan(0.06);
      expect(Math.abs(amplitude(wave.samples, rate, 440) - 0.5 / channels)).toBeLessThan(tolerance);
      expect(Math.abs(amplitude(wave.samples, rate, 880) - (channels === 2 ? 0.125 : 0))).toBeLessThan(
        tolerance,
      );
    },
  );

  it("decodes the links of a chained Ogg file each on its own, and refuses another rate or number of channels", async () => {
    const chain = (...names: string[]): Promise<DecodedBytes> =>
      decode(Uint8Array.from(Buffer.concat(names.map(file))));
    const alone = async (name: string): Promise<number[]> => [...(await decode(file(name))).wave.samples];
    for (const names of [
      ["vorbis.ogg", "vorbis-other.ogg", "vorbis.ogg"],
      ["vorbis-other.ogg", "flac.ogg", "vorbis.ogg"],
      ["mono.opus", "mono.opus"],
    ]) {
      const expected = (await Promise.all(names.map(alone))).flat();
      const { samples } = (await chain(...names)).wave;
      expect(samples.length, names.join()).toBe(expected.length);
      expect(samples.every((value, i) => value === expected[i])).toBe(true);
    }
    await expect(chain(...new Array<string>(60).fill("flac.ogg"))).rejects.toThrow(
      /it chains 51 streams in \d+ bytes\.$/,
    );
    for (const other of ["mono.opus", "vorbis-stereo.ogg"]) {
      await expect(chain("vorbis.ogg", other)).rejects.toMatchObject({
        code: "audio/unsupported",
        message: expect.stringMatching(/changes from 16000 Hz in 1 channel to/),
      });
    }
  });

  it("gives the same samples for the same recording in WAV and FLAC", async () => {
    const { wave } = await decode(file("s16.wav"));
    for (const name of ["s16.flac", "flac.ogg", "flac.mka"])
      expect((await decode(file(name))).wave, name).toEqual(wave);
  });

  it("gives 24-bit FLAC as multiples of 2^-23", async () => {
    const { wave } = await decode(file("s24-stereo.flac"));
    expect(wave.samples.every((value) => Number.isInteger(value * 2 ** 24))).toBe(true); // the mean of two
    expect(wave.samples.some((value) => !Number.isInteger(value * 2 ** 16))).toBe(true);
  });

  it.each([
    "s16.flac",
    "s16.wav",
    "s16.aiff",
    "mono.mp3",
    "stereo.mp3",
    "vorbis.ogg",
    "mono.opus",
    "opus.webm",
    "mono.m4a",
    "alac.m4a",
    "fragmented.m4a",
    "flac.mka",
    "rf64.wav",
    "s24.caf",
    "s16.au",
    "s16.w64",
  ])("%s cut anywhere is audio/truncated", async (name) => {
    const bytes = file(name);
    for (const part of [0.3, 0.5, 0.77, 0.95]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * part));
      const outcome = await decode(cut).then(
        (decoded) => `${decoded.wave.samples.length} samples`,
        (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
      );
      expect(outcome, `at ${part}`).toMatch(
        /^audio\/truncated: The audio is cut short: [^\n]*; copy or download it again[^\n]*\.$/,
      );
    }
  });

  it("loses no frame of a FLAC file, wherever its header lies between two pieces given to the decoder", async () => {
    const clip = file("../../examples/clips/03-01-03-01-02-01-12.flac");
    const whole = (await decode(clip)).wave;
    const metadata = 4 + 4 + 34;
    const isFrame = (at: number): boolean =>
      clip[at] === 0xff && clip[at + 1] === 0xf8 && clip[at + 2] === 0xc5;
    const frame = Array.from({ length: 16000 - metadata }, (_, i) => 16000 - i).find(isFrame)!;
    expect(frame).toBeGreaterThan(8000);
    for (let inside = 0; inside <= 17; inside++) {
      const padding = new Uint8Array(16384 - inside - frame);
      padding.set([1, 0, (padding.length - 4) >> 8, (padding.length - 4) & 255]); // a PADDING block behind STREAMINFO
      const moved = Uint8Array.from([...clip.subarray(0, metadata), ...padding, ...clip.subarray(metadata)]);
      moved[4] = 0; // STREAMINFO is not the last block
      const { samples } = (await decode(moved)).wave;
      expect(samples.length, `${inside} bytes before the cut`).toBe(whole.samples.length);
      expect(samples.every((value, i) => value === whole.samples[i])).toBe(true);
    }
  });

  it.each(["s16.wav", "s16.flac", "mono.mp3", "s16.aiff"])(
    "%s is the same behind a tag with a large picture",
    async (name) => {
      const tag = new Uint8Array(1_500_000);
      const size = tag.length - 10;
      tag.set([0x49, 0x44, 0x33, 3, 0, 0, size >> 21, (size >> 14) & 127, (size >> 7) & 127, size & 127]);
      const { remarks: _, ...plain } = await decode(file(name));
      expect(await decode(Uint8Array.from(Buffer.concat([tag, file(name)])))).toMatchObject(plain);
    },
  );

  it("finds WebM cut where an element ends", async () => {
    const bytes = file("opus.webm");
    const cues = Buffer.from(bytes).lastIndexOf(Buffer.from("1c53bb6b", "hex"));
    expect(cues).toBeGreaterThan(bytes.length / 2);
    await expect(decode(bytes.subarray(0, cues))).rejects.toMatchObject({ code: "audio/truncated" });
  });

  it("refuses MP4 whose tables speak of the same bytes again and again", async () => {
    const bytes = Buffer.from(file("fragmented.m4a"));
    const from = bytes.indexOf("moof") - 4;
    const moof = bytes.subarray(from, from + bytes.readUInt32BE(from));
    const again = Uint8Array.from(Buffer.concat([bytes, ...new Array<Buffer>(10).fill(moof)]));
    await expect(decode(again)).rejects.toMatchObject({
      code: "audio/not-audio",
      message: expect.stringContaining("more samples or bytes than the file has"),
    });
  });

  it("reads Apple Lossless whose description goes on with a layout of channels", async () => {
    const bytes = Buffer.from(file("alac.m4a"));
    const end = bytes.lastIndexOf("alac") + 4 + 4 + 24;
    const layout = Buffer.from("00000018636861630000000000640001000000000000000000", "hex").subarray(0, 24);
    for (const box of ["moov", "trak", "mdia", "minf", "stbl", "stsd", "alac"]) {
      const at = bytes.indexOf(box) - 4;
      bytes.writeUInt32BE(bytes.readUInt32BE(at) + 24, at);
    }
    const inner = bytes.lastIndexOf("alac") - 4;
    bytes.writeUInt32BE(bytes.readUInt32BE(inner) + 24, inner);
    const longer = Buffer.concat([bytes.subarray(0, end), layout, bytes.subarray(end)]);
    expect((await decode(Uint8Array.from(longer))).wave).toEqual((await decode(file("alac.m4a"))).wave);
  });

  it("reads PCM in QuickTime that is one chunk of any size", async () => {
    const bytes = Buffer.from(file("s24.mov"));
    const frames = 6_000_000;
    const set = (box: string, at: number, value: number): void =>
      void bytes.writeUInt32BE(value, bytes.indexOf(box) + 4 + at);
    bytes.write("free", bytes.indexOf("edts"));
    set("stsz", 8, frames);
    set("stsc", 12, frames);
    set("stco", 8, bytes.length + 8);
    const mdat = Buffer.alloc(8 + 3 * frames, 32);
    mdat.writeUInt32BE(mdat.length);
    mdat.write("mdat", 4);
    const { wave } = await decode(Uint8Array.from(Buffer.concat([bytes, mdat])));
    expect(wave.samples.length).toBe(frames);
    expect(wave.samples.every((value) => value === wave.samples[0])).toBe(true);
  });

  it("gives FLAC to its decoder in small pieces, even where a frame seems to begin everywhere", async () => {
    const flac = file("s16.flac").subarray(0, 42);
    const bytes = Uint8Array.from({ length: 2 ** 20 }, (_, i) => flac[i] ?? (i % 2 === 0 ? 0xff : 0xf8));
    let most = 0;
    const decoding = decodeBytes(bytes, {
      limits: defaultDecodeLimits,
      async openCodec(name) {
        const codec = await openCodec(name);
        return Object.assign(
          (data?: Parameters<typeof codec>[0]) => {
            most = Math.max(most, data?.length ?? 0);
            return codec(data);
          },
          { free: codec.free },
        );
      },
    });
    await expect(decoding).rejects.toMatchObject({ code: "audio/truncated" });
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(2 ** 15);
  });

  it("says how much is there of a cut FLAC file", async () => {
    const bytes = file("s24-stereo.flac");
    await expect(decode(bytes.subarray(0, bytes.length - 400))).rejects.toThrow(/0\.0\d+ s of the 0\.100 s/);
    await expect(decode(bytes.subarray(0, 60))).rejects.toThrow(/0\.000 s of the 0\.100 s/);
  });

  it("refuses a film without sound and formats inside WAV that it cannot read", async () => {
    await expect(decode(file("silent-film.mp4"))).rejects.toMatchObject({ code: "audio/not-audio" });
    await expect(decode(file("adpcm.wav"))).rejects.toMatchObject({ code: "audio/unsupported" });
  });

  it.each(["s16.flac", "mono.mp3", "vorbis.ogg", "mono.opus", "opus.webm", "mono.m4a"])(
    "%s stops at the limits",
    async (name) => {
      await expect(decode(file(name), { maxSeconds: 0.1 })).rejects.toMatchObject({ code: "audio/too-long" });
      await expect(decode(file(name), { maxSamples: 2000 })).rejects.toMatchObject({
        code: "audio/too-large",
      });
    },
  );

  it.each([
    ["vorbis.ogg", 35],
    ["mono.opus", 18],
  ])("says of %s that it is damaged, not what its decoder stumbled over", async (name, at) => {
    const bytes = file(name);
    bytes[at] = 1;
    await expect(decode(bytes)).rejects.toMatchObject({
      code: "audio/not-audio",
      message: expect.stringMatching(/ cannot be decoded: its data are damaged\.$/),
    });
  });

  it("never fails without a code on damaged files", async () => {
    let state = 1;
    const next = (limit: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    for (const [name] of [...exact, ...lossy]) {
      for (let round = 0; round < 4; round++) {
        const bytes = file(name);
        for (let i = 0; i < 8; i++)
          bytes[next(round < 2 ? Math.min(200, bytes.length) : bytes.length)] = next(256);
        const outcome = await decode(bytes).then(
          ({ wave }) => (wave.samples.every(Number.isFinite) ? "ok" : "not finite"),
          (error: { code?: string }) => error.code ?? String(error),
        );
        expect(outcome, name).toMatch(/^ok$|^audio\//);
      }
    }
  });
});
