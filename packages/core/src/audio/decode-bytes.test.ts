/** Holds the PCM readers and the limits against files built byte by byte; compressed files are in test/audio. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ascii,
  float32Bytes,
  int16Bytes,
  type WavParts,
  wavBytes,
} from "../../../../test/audio/wav-bytes.js";
import type { ErrorCode } from "../errors.js";
import { type DecodeBytesOptions, type DecodedBytes, decodeBytes } from "./decode-bytes.js";
import { defaultDecodeLimits } from "./decode-limits.js";

const openCodec = (): Promise<never> => Promise.reject(new Error("no codec is needed for WAV and AIFF"));

function decode(bytes: Uint8Array, options: Partial<DecodeBytesOptions> = {}): Promise<DecodedBytes> {
  return decodeBytes(bytes, { limits: defaultDecodeLimits, openCodec, name: "'x.wav'", ...options });
}

async function refused(
  bytes: Uint8Array,
  code: ErrorCode,
  options: Partial<DecodeBytesOptions> = {},
): Promise<string> {
  const error = await decode(bytes, options).then(
    () => expect.unreachable(`expected ${code}`),
    (thrown: unknown) => thrown as { code: string; message: string },
  );
  expect(error.code).toBe(code);
  expect(error.message).toMatch(/^'x\.wav' [^\n]*\.$|^The span of 'x\.wav'[^\n]*\.$/);
  return error.message;
}

const four = [0, 16384, -32768, 32767];
const fourAsFloats = [0, 0.5, -1, 32767 / 32768];

describe("decodeBytes of WAV", () => {
  it("divides 16-bit integers by 32768, positive and negative alike", async () => {
    const decoded = await decode(wavBytes({ data: int16Bytes(four) }));
    expect([...decoded.wave.samples]).toEqual(fourAsFloats);
    expect(decoded).toMatchObject({
      container: "wav",
      sourceChannels: 1,
      identicalChannels: false,
      peak: 1,
      clippedSamples: 2,
    });
    expect(decoded.wave.sampleRate).toBe(16000);
  });

  const encodings: [string, WavParts, number[]][] = [
    ["8-bit", { bits: 8, data: Uint8Array.of(128, 192, 0, 255) }, [0, 0.5, -1, 127 / 128]],
    [
      "24-bit",
      { bits: 24, data: Uint8Array.of(0, 0, 0, 0, 0, 64, 0, 0, 128, 255, 255, 127) },
      [0, 0.5, -1, 8388607 / 8388608],
    ],
    [
      "32-bit",
      { bits: 32, data: new Uint8Array(Int32Array.of(0, 2 ** 30, -(2 ** 31)).buffer) },
      [0, 0.5, -1],
    ],
    ["float32", { tag: 3, bits: 32, data: float32Bytes([0, 0.5, -1.5]) }, [0, 0.5, -1.5]],
    [
      "float64",
      { tag: 3, bits: 64, data: new Uint8Array(Float64Array.of(0, 0.5, -1.5).buffer) },
      [0, 0.5, -1.5],
    ],
    [
      "A-law",
      { tag: 6, bits: 8, data: Uint8Array.of(0xd5, 0x55, 0x2a, 0xaa) },
      [8 / 32768, -8 / 32768, -32256 / 32768, 32256 / 32768],
    ],
    ["µ-law", { tag: 7, bits: 8, data: Uint8Array.of(0xff, 0x80, 0x00) }, [0, 32124 / 32768, -32124 / 32768]],
  ];
  it.each(encodings)("reads %s, plain and extensible", async (_, parts, wanted) => {
    for (const extensible of [false, true]) {
      const { wave } = await decode(wavBytes({ ...parts, extensible }));
      expect(wave.samples).toBeAllClose(wanted, { rtol: 1e-7, atol: 0 });
    }
  });

  it("walks chunks of any length and order", async () => {
    const plain = await decode(wavBytes({ data: int16Bytes(four) }));
    const variants: WavParts[] = [
      { before: [["JUNK", new Uint8Array(7)]] },
      {
        before: [
          ["FLLR", new Uint8Array(4044)],
          ["bext", new Uint8Array(1)],
        ],
      },
      {
        after: [
          ["LIST", ascii("INFO")],
          ["_PMX", new Uint8Array(33)],
        ],
      },
      { formatLast: true },
      { riffSize: 0 },
    ];
    for (const variant of variants) {
      const { wave } = await decode(wavBytes({ ...variant, data: int16Bytes(four) }));
      expect(wave).toEqual(plain.wave);
    }
  });

  it("says how much is there of a file that is shorter than its header says", async () => {
    const data = int16Bytes(new Int16Array(8000));
    expect(await refused(wavBytes({ data, dataSize: 32000, riffSize: 32036 }), "audio/truncated")).toContain(
      "0.500 s of the 1.000 s",
    );
    const whole = wavBytes({ data });
    for (const length of [12, 20, 30, 40]) await refused(whole.subarray(0, length), "audio/truncated");
    expect(await refused(whole.subarray(0, 44), "audio/truncated")).toContain("0.000 s of the 0.500 s");
  });

  it("never takes memory for what a header claims", async () => {
    const before = process.memoryUsage().arrayBuffers;
    await refused(
      wavBytes({
        data: int16Bytes(four),
        dataSize: 0xf0000000,
        riffSize: 0xf0000024,
        channels: 200,
        bits: 16,
      }),
      "audio/truncated",
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });

  it.each<[string, WavParts, ErrorCode]>([
    ["no samples", {}, "audio/empty"],
    ["a rate of 0", { sampleRate: 0 }, "audio/bad-sample-rate"],
    ["a rate of 8 Hz", { sampleRate: 8 }, "audio/bad-sample-rate"],
    ["a rate of 4 GHz", { sampleRate: 4e9 }, "audio/bad-sample-rate"],
    ["0 channels", { channels: 0 }, "audio/bad-channel-count"],
    ["0 bits", { bits: 0 }, "audio/unsupported"],
    ["12-byte samples", { bits: 96, frameBytes: 12 }, "audio/unsupported"],
    ["MP3 inside", { tag: 0x55 }, "audio/unsupported"],
    ["ADPCM inside", { tag: 2 }, "audio/unsupported"],
    ["65535 channels", { channels: 65535, bits: 8, frameBytes: 65535 }, "audio/bad-channel-count"],
  ])("refuses %s", async (what, parts, code) => {
    await refused(
      wavBytes({ data: what === "no samples" ? new Uint8Array(0) : new Uint8Array(70000 * 2), ...parts }),
      code,
    );
  });

  it("takes one sample, silence, DC and 384 kHz as they are", async () => {
    expect((await decode(wavBytes({ data: int16Bytes([5]) }))).wave.samples.length).toBe(1);
    expect(await decode(wavBytes({ data: int16Bytes([0, 0, 0]) }))).toMatchObject({
      peak: 0,
      clippedSamples: 0,
    });
    expect(await decode(wavBytes({ data: int16Bytes([8192, 8192]) }))).toMatchObject({ peak: 0.25 });
    expect((await decode(wavBytes({ data: int16Bytes(four), sampleRate: 384000 }))).wave.sampleRate).toBe(
      384000,
    );
  });

  it("mixes 64 channels to their mean and tells equal channels from different ones", async () => {
    const frames = (value: (frame: number, channel: number) => number): Uint8Array =>
      int16Bytes(Array.from({ length: 640 }, (_, i) => value(Math.floor(i / 64), i % 64)));
    const same = await decode(wavBytes({ channels: 64, data: frames((frame) => frame * 100) }));
    expect([...same.wave.samples]).toEqual(Array.from({ length: 10 }, (_, i) => (i * 100) / 32768));
    expect(same).toMatchObject({ sourceChannels: 64, identicalChannels: true });
    const other = await decode(wavBytes({ channels: 64, data: frames((frame, channel) => frame + channel) }));
    expect(other.wave.samples[3]).toBe(34.5 / 32768);
    expect(other.identicalChannels).toBe(false);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "names the place of a sample that is %d",
    async (value) => {
      const samples = new Float32Array(48000);
      samples[40000] = value;
      const message = await refused(
        wavBytes({ tag: 3, bits: 32, data: float32Bytes(samples) }),
        "audio/not-finite",
      );
      expect(message).toContain("2.500 s");
    },
  );

  it("names the limit that a file breaks", async () => {
    const data = int16Bytes(new Int16Array(32000));
    const stereo = wavBytes({ data, channels: 2 });
    const limits = (changed: object): Partial<DecodeBytesOptions> => ({
      limits: { ...defaultDecodeLimits, ...changed },
    });
    expect(await refused(stereo, "audio/too-long", limits({ maxSeconds: 0.9 }))).toContain("0.9 seconds");
    expect(await refused(stereo, "audio/too-large", limits({ maxSamples: 31999 }))).toContain("31999");
    expect(await refused(stereo, "audio/too-large", limits({ maxBytes: 1000 }))).toContain("1000");
    expect((await decode(stereo, limits({ maxSeconds: 1, maxSamples: 32000 }))).wave.samples.length).toBe(
      16000,
    );
  });

  it("cuts a span out and refuses one that is not there", async () => {
    const data = int16Bytes(Array.from({ length: 16000 }, (_, i) => i));
    const bytes = wavBytes({ data });
    const { wave } = await decode(bytes, { start: 0.25, end: 0.5 });
    expect(wave.samples.length).toBe(4000);
    expect(wave.samples[0]).toBe(4000 / 32768);
    expect((await decode(bytes, { start: 0.5, end: 1.05 })).wave.samples.length).toBe(8000);
    for (const span of [{ start: 1 }, { start: 0.5, end: 2 }, { start: 0.5, end: 0.5 }, { start: -1 }]) {
      await refused(bytes, "audio/too-short", span);
    }
  });

  it("decodes any 16-bit samples, whatever the number of channels, to their mean", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 6, maxLength: 200 }),
        async (channels, values) => {
          const frames = Math.floor(values.length / channels);
          const { wave } = await decode(
            wavBytes({ channels, data: int16Bytes(values.slice(0, frames * channels)) }),
          );
          const means = Array.from({ length: frames }, (_, i) => {
            const frame = values.slice(i * channels, (i + 1) * channels);
            return frame.reduce((sum, value) => sum + value, 0) / channels / 32768;
          });
          expect(wave.samples).toBeAllClose(means, { rtol: 1e-6, atol: 1e-9 });
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("decodeBytes of what is not audio", () => {
  it("refuses nothing at all", async () => {
    await refused(new Uint8Array(0), "audio/empty");
  });

  it("refuses text, programs, pictures and other bytes", async () => {
    const elf = new Uint8Array(5000);
    elf.set([0x7f, 0x45, 0x4c, 0x46]);
    for (const bytes of [
      ascii("speaker,emotion\n1,sad\n".repeat(500)),
      elf,
      ascii("\x89PNG\r\n\x1a\n"),
      new Uint8Array(9),
      ascii("R"),
    ]) {
      await refused(bytes, "audio/not-audio");
    }
  });

  it("fails with a code, never with another error, on any bytes behind a WAV or AIFF header", async () => {
    const heads = [
      ascii("RIFF\x00\x00\x00\x00WAVE"),
      ascii("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00"),
      ascii("FORM\x00\x00\x00\x00AIFC"),
      ascii("FORM\x00\x00\x00\x00AIFFCOMM\x00\x00\x00\x12"),
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 200 }), async (head, rest) => {
        const bytes = new Uint8Array(head.length + rest.length);
        bytes.set(head);
        bytes.set(rest, head.length);
        const result = await decode(bytes).catch((error: { code?: string }) => error.code ?? String(error));
        if (typeof result === "string") expect(result).toMatch(/^audio\//);
      }),
      { numRuns: 500 },
    );
  });
});
