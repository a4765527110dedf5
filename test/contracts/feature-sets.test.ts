/** What every feature set in the list keeps to. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UndertoneError } from "../../packages/core/src/errors.js";
import type { OpenFeatureSet } from "../../packages/core/src/features/encoder-set.js";
import {
  anyFeatureSet,
  encoderSets,
  featureSet,
  featureSets,
  openFeatureSet,
} from "../../packages/core/src/features/feature-sets.js";
import { speechFrames } from "../../packages/core/src/features/speech-frames.js";
import { measureActivity } from "../../packages/core/src/features/speech-level.js";
import { nodeEncoderResources } from "../../packages/node/src/encoders/encoder-resources.js";
import { exampleClip } from "../golden/signals.js";

const clips = await Promise.all(
  ["03-01-01-01-01-01-01.flac", "03-01-05-02-01-01-16.flac", "03-01-04-01-01-01-06.flac"].map(exampleClip),
);

const allSets = [...featureSets, ...encoderSets];

async function codeOf(action: () => unknown): Promise<string | undefined> {
  try {
    await action();
  } catch (error) {
    if (error instanceof UndertoneError) return error.code;
    throw error;
  }
  return undefined;
}

describe("the list of feature sets", () => {
  it("has unique ids, each found by featureSet", () => {
    expect(new Set(allSets.map((set) => set.id)).size).toBe(allSets.length);
    for (const set of featureSets) expect(featureSet(set.id)).toBe(set);
    for (const set of allSets) expect(anyFeatureSet(set.id)).toBe(set);
  });

  it("refuses an unknown id and names the known ones", async () => {
    expect(await codeOf(() => featureSet("egemap"))).toBe("features/unknown");
    expect(await codeOf(() => anyFeatureSet("egemap"))).toBe("features/unknown");
    for (const set of featureSets) expect(() => featureSet("egemap")).toThrow(set.id);
    for (const set of allSets) expect(() => anyFeatureSet("egemap")).toThrow(set.id);
  });
});

describe.each(allSets.map(({ id, sampleRate }) => [id, sampleRate] as const))("%s", (id, sampleRate) => {
  let set: OpenFeatureSet;
  beforeAll(async () => {
    set = await openFeatureSet(id, nodeEncoderResources());
  });
  afterAll(() => set.close?.());
  // A clip at 16 kHz, read as if it were at the set's own rate, is as good as any other speech.
  const waves = clips.map((samples) => ({ samples, sampleRate }));

  it("has a versioned id and unique names", () => {
    expect(id).toMatch(/^[a-z0-9-]+$/);
    expect(set.names.length).toBeGreaterThan(0);
    expect(new Set(set.names).size).toBe(set.names.length);
  });

  it("gives names.length finite columns, one row when it is a set of functionals", async () => {
    for (const wave of waves) {
      const { rows, cols, data } = await set.extract(wave);
      expect(cols).toBe(set.names.length);
      expect(data).toHaveLength(rows * cols);
      if (set.level === "functionals") expect(rows).toBe(1);
      expect(data.every(Number.isFinite)).toBe(true);
    }
  });

  it("is deterministic, whatever came before, and leaves its input alone", async () => {
    const before = waves[0].samples.slice();
    const first = (await set.extract(waves[0])).data;
    await set.extract(waves[1]);
    expect((await set.extract(waves[0])).data).toEqual(first);
    expect(waves[0].samples).toEqual(before);
  });

  it("tells clips apart", async () => {
    expect((await set.extract(waves[0])).data).not.toEqual((await set.extract(waves[1])).data);
  });

  it("depends on the recording level only when it says so", async () => {
    for (const { samples } of waves) {
      const plain = (await set.extract({ samples, sampleRate })).data;
      for (const gain of [0.1, 0.37, 4]) {
        const louder = { samples: samples.map((value) => value * gain), sampleRate };
        const scaled = (await set.extract(louder)).data;
        if (set.levelFree) expect(scaled).toBeAllClose(plain, { rtol: 1e-4, atol: 1e-4 });
        else expect(scaled).not.toBeAllClose(plain, { rtol: 1e-2, atol: 1e-2 });
      }
    }
  });

  it("streams the rows of the whole clip, however it is cut, when it is a set of frames", async () => {
    if (set.level === "functionals") {
      expect(set.openStream).toBeUndefined();
      return;
    }
    const samples = clips[1].subarray(16000, 36000);
    const whole = await set.extract({ samples, sampleRate });
    const levelDb = measureActivity(samples, id).levelDb;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 9000 })), {
          minLength: 1,
          maxLength: 40,
        }),
        async (lengths) => {
          const stream = set.openStream!({ levelDb });
          const rows: number[] = [];
          let at = 0;
          for (let i = 0; at < samples.length; i++) {
            const length = i < lengths.length ? lengths[i] : samples.length - at;
            rows.push(...(await stream.push(samples.slice(at, at + length))).data);
            at += length;
          }
          rows.push(...(await stream.finish()).data);
          expect(rows).toHaveLength(whole.data.length);
          expect(rows).toBeAllClose(whole.data, { atol: id.startsWith("speech-embedding") ? 1e-4 : 1e-6 });
        },
      ),
      { seed: 4, numRuns: 12 },
    );
  });

  it("gives rows of windows, however the samples are cut, and of the whole clip the row of extract, when it has windows", async () => {
    if (!set.openWindows) return;
    const samples = clips[1].subarray(16000, 48000);
    const all = speechFrames(samples);
    const whole = await set.openWindows(all, { once: true }).row({ first: 0, count: all.end });
    expect(whole.data).toEqual((await set.extract({ samples, sampleRate })).data);
    const [windowFrames, hopSamples] = [100, 4000];
    const slide = async (lengths: readonly number[]): Promise<number[]> => {
      const frames = speechFrames();
      const windows = set.openWindows!(frames);
      const rows: number[] = [];
      for (let end = 0, at = 0, i = 0; end + hopSamples <= samples.length; ) {
        end += hopSamples;
        for (; at < end; i++) {
          const to = Math.min(end, at + (lengths[i % lengths.length] ?? end));
          frames.push(samples.slice(at, to));
          at = to;
        }
        const first = Math.max(0, frames.end - windowFrames);
        rows.push(...(await windows.row({ first, count: frames.end - first })).data);
        frames.release(first);
        expect(frames.end - frames.begin).toBeLessThanOrEqual(windowFrames + 32);
      }
      return rows;
    };
    const uncut = await slide([]);
    expect(uncut.every(Number.isFinite)).toBe(true);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 9 }),
        async (lengths) => {
          expect(await slide(lengths)).toEqual(uncut);
        },
      ),
      { seed: 4, numRuns: 5 },
    );
  });

  it("streams silence as rows, no samples as none, and refuses what is not a number", async () => {
    if (!set.openStream) return;
    const stream = set.openStream();
    const { rows, data } = await stream.push(new Float32Array(2 * sampleRate));
    expect(rows).toBeGreaterThan(10);
    expect(data.every(Number.isFinite)).toBe(true);
    expect((await set.openStream().finish()).rows).toBe(0);
    expect(await codeOf(() => set.openStream!().push(Float32Array.of(0, Number.NaN)))).toBe(
      "audio/not-finite",
    );
  });

  it.each([
    ["audio/bad-sample-rate", () => ({ samples: clips[0], sampleRate: sampleRate + 1 })],
    ["audio/bad-sample-rate", () => ({ samples: clips[0], sampleRate: Number.NaN })],
    ["audio/empty", () => ({ samples: new Float32Array(0), sampleRate })],
    ["audio/too-short", () => ({ samples: Float32Array.of(0.5), sampleRate })],
    ["audio/silent", () => ({ samples: new Float32Array(2 * sampleRate), sampleRate })],
    [
      "audio/not-finite",
      () => ({ samples: clips[0].map((value, i) => (i === 999 ? Number.NaN : value)), sampleRate }),
    ],
    [
      "audio/not-finite",
      () => ({ samples: clips[0].map((value, i) => (i === 999 ? -Infinity : value)), sampleRate }),
    ],
    ["audio/not-finite", () => ({ samples: clips[0].map((value) => value * 1e30), sampleRate })],
  ])("answers bad input with %s (%#)", async (code, wave) => {
    expect(await codeOf(() => set.extract(wave()))).toBe(code);
  });
});
