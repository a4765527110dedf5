/** AU, CAF and W64: lengths that are unknown or untrue, cut files, and what is compressed inside. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pcmBlocks } from "./pcm.js";
import { type PcmContainer, readPcm } from "./read-pcm.js";

const clip = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../test/audio/${name}`, import.meta.url)));

/** Each has 800 frames. */
const clips = [
  ["s16.au", "au"],
  ["s24.caf", "caf"],
  ["s16.w64", "w64"],
] as const;

function lengthAt(bytes: Uint8Array, container: PcmContainer): number {
  return container === "au" ? 8 : Buffer.from(bytes).indexOf("data") + (container === "caf" ? 4 : 16);
}

function read(bytes: Uint8Array, container: PcmContainer) {
  const layout = readPcm(bytes, container, { name: "clip" });
  return { layout, samples: [...pcmBlocks(bytes, layout)].flatMap(([channel]) => [...channel]) };
}

describe.each(clips)("readPcm of %s", (name, container) => {
  const whole = clip(name);
  const at = lengthAt(whole, container);
  const size = container === "au" ? 4 : 8;

  it("reads the samples, whole and as far as a cut file has them", () => {
    expect(read(whole, container).layout).toMatchObject({
      frames: 800,
      claimedFrames: 800,
      sampleRate: 8000,
    });
    const { layout, samples } = read(whole.subarray(0, whole.length - 100), container);
    expect(layout.claimedFrames).toBe(800);
    expect(layout.frames).toBeLessThan(800);
    expect(samples).toEqual(read(whole, container).samples.slice(0, layout.frames));
    for (let length = 0; length < at; length++)
      expect(() => readPcm(whole.subarray(0, length), container, { name: "clip" })).toThrow(
        /^clip is cut short/,
      );
  });

  it("takes a length of all ones, as pipes have it, for the rest of the file", () => {
    const bytes = Uint8Array.from(whole);
    bytes.fill(0xff, at, at + size);
    expect(read(bytes, container).samples).toEqual(read(whole, container).samples);
  });

  it("needs no more than the beginning of a file to tell where samples lie", () => {
    const head = whole.subarray(0, at + 200);
    expect(readPcm(head, container, { name: "clip", fileBytes: whole.length })).toEqual(
      read(whole, container).layout,
    );
  });
});

describe("readPcm", () => {
  it("remarks on a length of AU that was never filled in", () => {
    const whole = clip("s16.au");
    for (const length of [0, 0x7fffffff, 0x80000000]) {
      const bytes = Uint8Array.from(whole);
      new DataView(bytes.buffer).setUint32(8, length);
      const { layout, samples } = read(bytes, "au");
      expect(samples).toEqual(read(whole, "au").samples);
      expect(layout.remark).toBe(
        `clip was read, though its header says ${length} bytes of samples where 3200 are.`,
      );
    }
  });

  it("remarks on a length of CAF that was never filled in", () => {
    const whole = clip("s24.caf");
    const bytes = Uint8Array.from(whole);
    new DataView(bytes.buffer).setBigUint64(lengthAt(bytes, "caf"), 4n);
    const { layout, samples } = read(bytes, "caf");
    expect(samples).toEqual(read(whole, "caf").samples);
    expect(layout.remark).toMatch(/0 bytes of samples where 2400 are\.$/);
  });

  it("names what is compressed inside, and the line that converts it", () => {
    const au = Uint8Array.from(clip("s16.au"));
    au[15] = 23;
    expect(() => read(au, "au")).toThrow(
      /AU file with encoding 23 inside, .*: convert it with 'ffmpeg -i in\.au out\.wav'\.$/,
    );
    const caf = Uint8Array.from(clip("s24.caf"));
    caf.set(Buffer.from("alac"), Buffer.from(caf).indexOf("lpcm"));
    expect(() => read(caf, "caf")).toThrow(
      /CAF file with 'alac' inside, .*: convert it with 'ffmpeg -i in\.caf out\.wav'\.$/,
    );
  });

  it("refuses no channels and packets that do not fit", () => {
    const caf = Uint8Array.from(clip("s24.caf"));
    const description = Buffer.from(caf).indexOf("lpcm") - 8;
    for (const [at, code] of [
      [24, "audio/bad-channel-count"],
      [16, "audio/unsupported"],
      [28, "audio/unsupported"],
    ] as const) {
      const bytes = Uint8Array.from(caf);
      new DataView(bytes.buffer).setUint32(description + at, 0);
      expect(() => read(bytes, "caf")).toThrow(expect.objectContaining({ code }));
    }
  });
});
