/** Pitch, level and zero crossings of signals with known ones, and pitchTrack against its definition. */
import { describe, expect, it } from "vitest";
import { random } from "../math/random.js";
import { type PitchTrackOptions, pitchTrack } from "./pitch-track.js";
import { rms } from "./rms.js";
import { yin } from "./yin.js";
import { zeroCrossingRate } from "./zero-crossing-rate.js";

const sampleRate = 16000;
const options: PitchTrackOptions = {
  sampleRate,
  frameSamples: 512,
  hopSamples: 160,
  windowSamples: 512,
  minLagSamples: 26,
  maxLagSamples: 246,
};
const tone = (hz: number): Float32Array =>
  Float32Array.from({ length: 8000 }, (_, n) => 0.3 * Math.sin((2 * Math.PI * hz * n) / sampleRate));
const noise = (): Float32Array => {
  const rng = random(4);
  return Float32Array.from({ length: 4000 }, () => 0.1 * rng.normal());
};

describe("pitchTrack", () => {
  it.each([70, 110.3, 220, 333.3, 600])("finds %d Hz within 0.2 %, periodic and harmonic", (hz) => {
    const { f0Hz, aperiodicity, harmonicity } = pitchTrack(tone(hz), options);
    const inner = (track: Float64Array): Float64Array => track.subarray(3, -3);
    expect(inner(f0Hz)).toBeAllClose(
      inner(f0Hz).map(() => hz),
      { rtol: 2e-3 },
    );
    expect(Math.max(...inner(aperiodicity))).toBeLessThan(0.05);
    expect(Math.min(...inner(harmonicity))).toBeGreaterThan(0.98);
  });

  it("finds noise aperiodic", () => {
    expect(Math.min(...pitchTrack(noise(), options).aperiodicity)).toBeGreaterThan(0.4);
  });

  it("agrees with the sums that define it", () => {
    const samples = noise();
    const { f0Hz, aperiodicity, harmonicity } = pitchTrack(samples, options);
    const at = (i: number): number => samples[i] ?? 0;
    for (const t of [0, 1, 10, f0Hz.length - 1]) {
      const start = t * 160 + 256 - 379;
      const d: number[] = [];
      for (let lag = 0; lag <= 246; lag++) {
        let sum = 0;
        for (let j = 0; j < 512; j++) sum += (at(start + j) - at(start + j + lag)) ** 2;
        d.push(sum);
      }
      let total = 0;
      const normalized = d.map((value, lag) => {
        if (lag === 0) return 1;
        total += value;
        return (value * lag) / total;
      });
      // Noise has no trough below the threshold: the least value counts.
      const candidates = normalized.slice(26, 246);
      const lag = 26 + candidates.indexOf(Math.min(...candidates));
      let product = 0;
      let energy = 0;
      for (let j = 0; j < 512; j++) {
        product += at(start + j) * at(start + j + lag);
        energy += at(start + j) ** 2 + at(start + j + lag) ** 2;
      }
      expect(aperiodicity[t]).toBeAllClose(normalized[lag], { rtol: 1e-9 });
      expect(harmonicity[t]).toBeAllClose((2 * product) / energy, { rtol: 1e-9 });
      expect(Math.abs(sampleRate / f0Hz[t] - lag)).toBeLessThanOrEqual(0.5 + 1e-9);
    }
  });

  it("leaves out the frames that were not asked for", () => {
    const all = pitchTrack(tone(200), options);
    const only = new Uint8Array(all.f0Hz.length);
    only[5] = 1;
    const some = pitchTrack(tone(200), { ...options, only });
    expect(some.f0Hz[5]).toBe(all.f0Hz[5]);
    expect([some.f0Hz[4], some.aperiodicity[4], some.harmonicity[4]]).toEqual([0, 1, 0]);
  });

  it("has no frames for a signal under one frame and refuses impossible lags", () => {
    expect(pitchTrack(new Float32Array(511), options).f0Hz).toHaveLength(0);
    expect(() => pitchTrack(tone(200), { ...options, minLagSamples: 0 })).toThrow(RangeError);
  });
});

describe("yin", () => {
  it.each([100, 220, 440])("finds %d Hz within 1 % (its window shrinks with the lag)", (hz) => {
    const { f0Hz, aperiodicity } = yin(tone(hz), {
      sampleRate,
      lowHz: 65,
      highHz: 600,
      frameSamples: 1024,
      hopSamples: 160,
    });
    const inner = f0Hz.subarray(8, -8);
    expect(inner).toBeAllClose(
      inner.map(() => hz),
      { rtol: 1e-2 },
    );
    expect(Math.max(...aperiodicity.subarray(8, -8))).toBeLessThan(0.1);
  });

  it("refuses a range that the frame cannot hold", () => {
    expect(() => yin(tone(100), { sampleRate, lowHz: 10, highHz: 600, frameSamples: 512 })).toThrow(
      RangeError,
    );
  });
});

describe("rms and zeroCrossingRate", () => {
  const framing = { frameSamples: 800, hopSamples: 160, center: false };

  it("of a sine are amplitude / √2 and twice its frequency over the sample rate", () => {
    expect(rms(tone(200), framing)[4]).toBeAllClose(0.3 / Math.SQRT2, { rtol: 1e-4 });
    expect(zeroCrossingRate(tone(210), framing)[4]).toBeAllClose((2 * 210) / sampleRate, { atol: 1 / 800 });
  });

  it("of silence are 0, of nothing have no frames", () => {
    expect(rms(new Float32Array(1600), framing)).toEqual(new Float32Array(6));
    expect(zeroCrossingRate(new Float32Array(1600), framing)).toEqual(new Float32Array(6));
    expect(zeroCrossingRate(new Float32Array(0), { frameSamples: 800, hopSamples: 160 })).toHaveLength(0);
  });
});
