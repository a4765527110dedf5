/** seed-v1 against its independent implementation, against gain, and on bad and odd input. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seedParity } from "../../../../test/golden/seed-parity.js";
import { exampleClip, exampleClipNames, synthesize } from "../../../../test/golden/signals.js";
import { random } from "../math/random.js";
import { seedV1, seedV1Level } from "./seed-v1.js";

const sampleRate = 16000;
const clip = await exampleClip("03-01-03-01-02-01-12.flac");
const parity = await seedParity();

/** Relative error allowed against the independent implementation; correlations and slopes of steady signals are differences of near-equal numbers. */
const tolerances: Record<string, number> = {
  "mel.slope": 1e-3,
  autocorrelation: 1e-3,
  "band.correlation": 1e-3,
  "band.voiced.correlation": 1e-3,
  "band.delta.correlation": 1e-3,
};

const named = (samples: Float32Array): Record<string, number> => {
  const { data } = seedV1.extract({ samples, sampleRate });
  return Object.fromEntries(seedV1.names.map((name, i) => [name, data[i]]));
};

describe("seed-v1", () => {
  it("has 416 values under unique names", () => {
    expect(seedV1.names).toHaveLength(416);
    expect(new Set(seedV1.names).size).toBe(416);
    expect(seedV1Level.names).toEqual(seedV1.names);
  });

  it.each([...new Set(parity.map((row) => row.family))])(
    "%s agrees with the Python implementation",
    (family) => {
      const rows = parity.filter((row) => row.family === family);
      expect(rows).toHaveLength(2 * 22);
      for (const row of rows) {
        expect(row.error, `${row.name} of ${row.signal}`).toBeLessThan(tolerances[family] ?? 3e-5);
      }
    },
  );

  it("hears the pitch of a vowel that rises from 140 to 300 Hz", () => {
    const samples = synthesize({
      name: "glide",
      kind: "vowel",
      samples: 16000,
      from: 140,
      to: 300,
      amplitude: 0.005,
      formants: [
        [730, 160],
        [1300, 180],
      ],
    });
    const values = named(samples);
    const semitones = (hz: number): number => 12 * Math.log2(hz / 55);
    expect(values["f0.voiced.p50"]).toBeAllClose(semitones(220), { atol: 0.3 });
    expect(values["f0.slope"]).toBeGreaterThan(9);
    expect(values["f0.step.rising"]).toBeGreaterThan(0.8);
    expect(values["voiced.share"]).toBeGreaterThan(0.95);
    expect(values["harmonicity.mean"]).toBeGreaterThan(10);
  });

  it("does not change with the recording level (any gain from −20 to +12 dB)", async () => {
    const clips = await Promise.all((await exampleClipNames()).slice(0, 6).map(exampleClip));
    fc.assert(
      fc.property(
        fc.constantFrom(...clips),
        fc.double({ min: -20, max: 12, noNaN: true }),
        (samples, gainDb) => {
          const gain = 10 ** (gainDb / 20);
          const louder = samples.map((value) => value * gain);
          const plain = seedV1.extract({ samples, sampleRate }).data;
          expect(seedV1.extract({ samples: louder, sampleRate }).data).toBeAllClose(plain, {
            rtol: 1e-4,
            atol: 1e-4,
          });
        },
      ),
      { numRuns: 12 },
    );
  });

  it("does not change when digital silence is added at both ends", () => {
    const padded = new Float32Array(clip.length + 160 * 250);
    padded.set(clip, 160 * 100);
    const plain = seedV1.extract({ samples: clip, sampleRate }).data;
    expect(seedV1.extract({ samples: padded, sampleRate }).data).toBeAllClose(plain, {
      rtol: 1e-5,
      atol: 1e-5,
    });
  });

  it("seed-v1-level does change with the level, in the mel levels", () => {
    const louder = clip.map((value) => value * 2);
    const before = seedV1Level.extract({ samples: clip, sampleRate }).data;
    const after = seedV1Level.extract({ samples: louder, sampleRate }).data;
    const doubled = 20 * Math.log10(2);
    expect(after.subarray(10, 40)).toBeAllClose(
      before.subarray(10, 40).map((value) => value + doubled),
      { atol: 0.05 },
    );
  });

  it("gives finite numbers for one frame, noise, clipped speech, clicks and a tone", () => {
    const rng = random(5);
    const inputs = [
      clip.slice(20000, 20512),
      clip.slice(20000, 20700),
      Float32Array.from({ length: 8000 }, () => 0.1 * rng.normal()),
      clip.map((value) => Math.max(-1, Math.min(1, 100 * value))),
      Float32Array.from({ length: 16000 }, (_, n) => (n % 4000 === 2000 ? 1 : 0)),
      Float32Array.from({ length: 16000 }, (_, n) => Math.sin(0.1 * n)),
      Float32Array.from({ length: 16000 }, (_, n) => 0.5 + 0.001 * Math.sin(0.1 * n)),
    ];
    for (const samples of inputs) {
      for (const set of [seedV1, seedV1Level]) {
        const { rows, cols, data } = set.extract({ samples, sampleRate });
        expect([rows, cols]).toEqual([1, 416]);
        expect(data.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("refuses a constant signal as silent, and one that is faint beyond 16 bits", () => {
    for (const samples of [
      new Float32Array(16000).fill(0.25),
      new Float32Array(16000).map((_, n) => (n % 2) * 1e-5),
    ]) {
      expect(() => seedV1.extract({ samples, sampleRate })).toThrow(/Silent audio for seed-v1/);
    }
  });
});
