/** Pitch, pulses, jitter, shimmer, harmonicity, intensity, syllables and pauses in closed form; Praat's values are held in features/prosody-v1.test.ts. */
import { describe, expect, it } from "vitest";
import { random } from "../math/random.js";
import { mean } from "../math/statistics.js";
import { autocorrelationPitch } from "./autocorrelation-pitch.js";
import { glottalPulses } from "./glottal-pulses.js";
import { harmonicity } from "./harmonicity.js";
import { intensity } from "./intensity.js";
import { jitter } from "./jitter.js";
import { shimmer } from "./shimmer.js";
import { soundingIntervals } from "./sounding-intervals.js";
import { syllableNuclei } from "./syllable-nuclei.js";

const sampleRate = 16000;
const seconds = (length: number, value: (t: number) => number): Float64Array =>
  Float64Array.from({ length: length * sampleRate }, (_, n) => value((n + 0.5) / sampleRate));
const harmonics = (hz: number, count = 10): ((t: number) => number) => {
  return (t) => {
    let sum = 0;
    for (let k = 1; k <= count; k++) sum += Math.cos(2 * Math.PI * hz * k * t) / k;
    return 0.2 * sum;
  };
};
/** A smooth pulse at each of the times, of the given height. */
const pulseTrain = (times: readonly number[], height: (i: number) => number = () => 1): Float64Array =>
  seconds(1, (t) => times.reduce((sum, at, i) => sum + height(i) * Math.exp(-(((t - at) / 3e-4) ** 2)), 0));
const noise = (length: number, level: number, seed: number): Float64Array => {
  const rng = random(seed);
  return Float64Array.from({ length: length * sampleRate }, () => level * rng.normal());
};

describe("autocorrelationPitch", () => {
  it.each([80, 123.4, 300, 590])("finds harmonics of %f Hz within 0.05 % in every frame", (hz) => {
    const { f0Hz, firstSeconds } = autocorrelationPitch(seconds(1, harmonics(hz)), { sampleRate });
    expect(f0Hz).toHaveLength(97);
    expect(firstSeconds).toBeAllClose(0.02, { atol: 1e-12 });
    expect(f0Hz).toBeAllClose(
      f0Hz.map(() => hz),
      { rtol: 5e-4 },
    );
  });

  it("follows a glide, with an offset under it, at the time of each frame", () => {
    const glide = (t: number): number => 2 + harmonics(1)(150 * t + 50 * t * t);
    const { f0Hz, firstSeconds, stepSeconds } = autocorrelationPitch(seconds(1, glide), { sampleRate });
    expect(f0Hz).toBeAllClose(
      f0Hz.map((_, t) => 150 + 100 * (firstSeconds + t * stepSeconds)),
      { rtol: 2e-3 },
    );
  });

  it("hears silence, nearly all noise and what lies above the ceiling as no pitch of its own", () => {
    expect(Math.max(...autocorrelationPitch(new Float64Array(8000), { sampleRate }).f0Hz)).toBe(0);
    const { f0Hz } = autocorrelationPitch(noise(1, 0.1, 1), { sampleRate });
    expect(f0Hz.filter((hz) => hz > 0).length).toBeLessThan(5);
    const half = autocorrelationPitch(
      seconds(0.5, (t) => Math.sin(2 * Math.PI * 800 * t)),
      { sampleRate },
    );
    expect(half.f0Hz).toBeAllClose(
      half.f0Hz.map(() => 400),
      { rtol: 1e-4 },
    );
  });

  it("gives no frames for less than a window and refuses limits out of order", () => {
    expect(autocorrelationPitch(new Float64Array(600), { sampleRate }).f0Hz).toHaveLength(0);
    for (const limits of [{ floorHz: 0 }, { floorHz: 700 }, { ceilingHz: 9000 }, { stepSeconds: 0 }])
      expect(() => autocorrelationPitch(new Float64Array(8000), { sampleRate, ...limits })).toThrow(
        RangeError,
      );
  });
});

describe("harmonicity", () => {
  it.each([0, 10, 20])("measures %i dB of harmonics over white noise", (db) => {
    const voice = seconds(2, harmonics(150));
    const power = mean(voice.map((value) => value * value));
    const hiss = noise(2, Math.sqrt(power / 10 ** (db / 10)), 2);
    const { hnrDb } = harmonicity(
      voice.map((value, n) => value + hiss[n]),
      { sampleRate },
    );
    // The greatest of several peaks is a little above the true one, the more so the more noise there is.
    expect(mean(hnrDb)).toBeAllClose(db, { atol: 1.5 });
  });

  it("has no value for silence and refuses a floor out of reach", () => {
    expect(harmonicity(new Float64Array(8000), { sampleRate }).hnrDb.every(Number.isNaN)).toBe(true);
    expect(() => harmonicity(new Float64Array(8000), { sampleRate, floorHz: 2000 })).toThrow(RangeError);
  });
});

describe("glottalPulses, jitter and shimmer", () => {
  it("find the pulses of a train, and neither jitter nor shimmer where there is none", () => {
    const times = Array.from({ length: 118 }, (_, i) => 0.02 + i / 123.4);
    const wave = pulseTrain(times);
    const pulses = glottalPulses(wave, { sampleRate, pitch: autocorrelationPitch(wave, { sampleRate }) });
    expect(pulses.length).toBeGreaterThan(110);
    for (const pulse of pulses)
      expect(Math.min(...times.map((at) => Math.abs(at - pulse)))).toBeLessThan(1e-5);
    expect(jitter(pulses).local).toBeLessThan(1e-3);
    expect(shimmer(wave, { sampleRate, pulses }).local).toBeLessThan(1e-3);
  });

  it("measure periods and heights that differ by turns", () => {
    const times = Array.from({ length: 90 }, (_, i) => 0.05 + 0.01 * i + (i % 2 ? 1e-4 : 0));
    const wave = pulseTrain(times, (i) => (i % 2 ? 1 : 0.8));
    const pulses = glottalPulses(wave, { sampleRate, pitch: autocorrelationPitch(wave, { sampleRate }) });
    // Periods of 10.1 and 9.9 ms.
    const { local, rap, ppq5, ddp } = jitter(pulses);
    expect([local, rap, ppq5, ddp]).toBeAllClose([0.02, 0.04 / 3, 0.008, 0.04], { rtol: 0.02 });
    const found = shimmer(wave, { sampleRate, pulses });
    expect([found.local, found.localDb]).toBeAllClose([0.2 / 0.9, 20 * Math.log10(1.25)], { rtol: 0.01 });
    expect([found.apq3, found.apq5]).toBeAllClose([0.4 / 3 / 0.9, 0.08 / 0.9], { rtol: 0.01 });
  });

  it("pass over intervals that are no periods", () => {
    const regular = [0, 0.01, 0.02, 0.03];
    const pulses = Float64Array.from([...regular, ...regular.map((time) => 0.5 + time), 0.545]);
    expect(jitter(pulses).local).toBeAllClose(0, { atol: 1e-12 });
    expect(jitter(Float64Array.from([0, 0.01])).local).toBeNaN();
    expect(jitter(new Float64Array(0)).rap).toBeNaN();
  });
});

describe("intensity", () => {
  it("is the level of a sine whatever its offset, and falls by 20 dB with a tenth of its size", () => {
    for (const size of [0.5, 0.05]) {
      const { levelDb } = intensity(
        seconds(0.5, (t) => 0.3 + size * Math.sin(2 * Math.PI * 400 * t)),
        { sampleRate },
      );
      expect(levelDb).toBeAllClose(
        levelDb.map(() => 10 * Math.log10(size ** 2 / 2 / 4e-10)),
        { atol: 1e-3 },
      );
    }
    expect(Math.max(...intensity(new Float64Array(8000), { sampleRate }).levelDb)).toBe(-300);
    expect(intensity(new Float64Array(1000), { sampleRate }).levelDb).toHaveLength(0);
    expect(() => intensity(new Float64Array(8000), { sampleRate, floorHz: 0 })).toThrow(RangeError);
  });
});

describe("soundingIntervals and syllableNuclei", () => {
  /** Bursts of 0.2 s, the fourth after a pause of 0.3 s. */
  const starts = [0.3, 0.55, 0.8, 1.3];
  const envelope = (t: number): number =>
    starts.reduce((sum, at) => sum + Math.exp(-(((t - at - 0.1) / 0.06) ** 2)), 1e-4);
  const voice = seconds(2, (t) => envelope(t) * harmonics(140)(t));
  const hiss = noise(2, 0.2, 3).map((value, n) => value * envelope(n / sampleRate));

  it("tell sound from pauses", () => {
    const spans = soundingIntervals(intensity(voice, { sampleRate }));
    expect(spans.flatMap(({ start, end }) => [start, end])).toBeAllClose([0.29, 1.01, 1.29, 1.51], {
      atol: 0.03,
    });
    expect(soundingIntervals(intensity(new Float64Array(1000), { sampleRate }))).toEqual([]);
  });

  it("find one nucleus in each voiced burst and none in noise", () => {
    const nuclei = (wave: Float64Array): number[] =>
      syllableNuclei(intensity(wave, { sampleRate, floorHz: 50 }), {
        pitch: autocorrelationPitch(wave, { sampleRate }),
      });
    expect(nuclei(voice)).toBeAllClose(
      starts.map((at) => at + 0.1),
      { atol: 0.011 },
    );
    expect(nuclei(hiss)).toEqual([]);
    expect(nuclei(new Float64Array(100))).toEqual([]);
  });
});
