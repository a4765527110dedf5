/** pYIN: closed forms, a brute-force Viterbi, and librosa's tracks of 24 signals. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { type GoldenSignal, goldenSignal } from "../../../../test/golden/signals.js";
import { pitchPath } from "./pitch-path.js";
import { pyin } from "./pyin.js";

interface Settings {
  readonly fmin: number;
  readonly fmax: number;
  readonly frame_length: number;
  readonly hop_length: number;
}
interface Track {
  readonly f0Hz: number[];
  readonly voiced: number[];
  readonly voicedProbability: number[];
}
const golden = JSON.parse(await readFile(join(root, "test/golden/librosa-pyin.json"), "utf8")) as {
  sampleRate: number;
  settings: Record<string, Settings>;
  signals: { signal: GoldenSignal; tracks: Record<string, Track> }[];
};

describe("pyin", () => {
  it("is compared on 24 signals", () => expect(golden.signals).toHaveLength(24));

  it.each(
    golden.signals.flatMap(({ signal, tracks }) =>
      Object.entries(tracks).map(([name, track]) => [signal.name, name, signal, track] as const),
    ),
  )("%s, %s settings: librosa's F0 and voicing", async (_signal, name, signal, expected) => {
    const { fmin, fmax, frame_length, hop_length } = golden.settings[name];
    const actual = pyin(await goldenSignal(signal), {
      sampleRate: golden.sampleRate,
      lowHz: fmin,
      highHz: fmax,
      frameSamples: frame_length,
      hopSamples: hop_length,
    });
    expect(actual.f0Hz).toHaveLength(expected.f0Hz.length);
    const agreeing = expected.voiced.filter((voiced, t) => voiced === actual.voiced[t]).length;
    expect(agreeing / expected.voiced.length).toBeGreaterThanOrEqual(0.98);
    expected.f0Hz.forEach((f0, t) => {
      if (f0 > 0 && actual.voiced[t] === 1) expect(Math.abs(actual.f0Hz[t] / f0 - 1)).toBeLessThan(0.005);
      expect(actual.f0Hz[t] > 0).toBe(actual.voiced[t] === 1);
    });
    // A trough that exists by rounding only weighs 0.01; one that lies on a threshold, or a period on the edge of a bin, may fall on either side by rounding.
    const near = expected.voicedProbability.filter(
      (p, t) => Math.abs(p - actual.voicedProbability[t]) < 0.0101,
    );
    expect(near.length / expected.voiced.length).toBeGreaterThanOrEqual(0.95);
  });

  it("hears a vowel-like tone at its F0 and silence as unvoiced", () => {
    const sampleRate = 16000;
    const samples = Float32Array.from({ length: sampleRate }, (_, i) =>
      i < sampleRate / 2
        ? [1, 2, 3].reduce((sum, h) => sum + Math.sin((2 * Math.PI * 131 * h * i) / sampleRate) / (4 * h), 0)
        : 0,
    );
    const { f0Hz, voiced } = pyin(samples, {
      sampleRate,
      lowHz: 65,
      highHz: 600,
      frameSamples: 1024,
      hopSamples: 160,
    });
    for (let t = 5; t < 45; t++) expect(Math.abs(12 * Math.log2(f0Hz[t] / 131))).toBeLessThan(0.1);
    expect(voiced.subarray(55).every((value) => value === 0)).toBe(true);
  });

  it("gives no frames for no samples, and refuses a range that does not fit", () => {
    expect(
      pyin(new Float32Array(0), { sampleRate: 16000, lowHz: 65, highHz: 600, center: false }).f0Hz,
    ).toHaveLength(0);
    expect(() => pyin(new Float32Array(9), { sampleRate: 16000, lowHz: 5, highHz: 600 })).toThrow(RangeError);
  });
});

describe("pitchPath", () => {
  it("is the path of a brute-force Viterbi", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(0.2, 0.6, 2),
        fc.infiniteStream(fc.double({ min: 0.001, max: 1, noNaN: true })),
        (bins, reachBins, frames, seenShare, numbers) => {
          const path = pitchPath({ bins, frames, reachBins, switchProbability: 0.01 });
          const observations: number[][] = [];
          for (let t = 0; t < frames; t++) {
            // Some bins are seen, the others not at all, and in some frames nothing is unvoiced.
            const voiced = Float64Array.from({ length: bins }, () => {
              const value = numbers.next().value;
              return value < seenShare ? value / bins : 0;
            });
            const unvoiced = numbers.next().value < 0.8 ? numbers.next().value / bins : 0;
            path.add(voiced, unvoiced);
            observations.push([...voiced, ...new Array<number>(bins).fill(unvoiced)]);
          }
          const found = likelihood(observations, [...path.finish()], reachBins);
          expect(found).toBeCloseTo(bestLikelihood(observations, reachBins), 8);
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });
});

function transition(bins: number, reach: number, from: number, to: number): number {
  const k = from % bins;
  let sum = 0;
  for (let j = 0; j < bins; j++) sum += Math.max(0, 1 - Math.abs(j - k) / (reach + 1));
  const local = Math.max(0, 1 - Math.abs((to % bins) - k) / (reach + 1)) / sum;
  const switches = from < bins !== to < bins;
  return Math.log(local * (switches ? 0.01 : 0.99) + 2.2250738585072014e-308);
}

function logOf(probability: number): number {
  return Math.log(probability + 2.2250738585072014e-308);
}

function likelihood(observations: readonly number[][], states: readonly number[], reach: number): number {
  const bins = observations[0].length / 2;
  return states.reduce(
    (sum, state, t) =>
      sum + logOf(observations[t][state]) + (t > 0 ? transition(bins, reach, states[t - 1], state) : 0),
    0,
  );
}

function bestLikelihood(observations: readonly number[][], reach: number): number {
  const states = observations[0].length;
  let values = observations[0].map(logOf);
  for (const observation of observations.slice(1)) {
    const before = values;
    values = observation.map(
      (p, j) => logOf(p) + Math.max(...before.map((value, k) => value + transition(states / 2, reach, k, j))),
    );
  }
  return Math.max(...values);
}
