/** What is measured of recordings, on signals with known answers. */
import { describe, expect, it } from "vitest";
import { random } from "../../math/random.js";
import { classClue } from "./class-clue.js";
import { measureRecording } from "./measure-recording.js";
import { alignRecordings, recordingFingerprint, similarFingerprints } from "./same-recording.js";

const rate = 16000;

/** Syllables of noise at random times and levels, so that each seed is another recording. */
function babble(seed: number, seconds = 3): Float32Array {
  const chance = random(seed);
  const samples = new Float32Array(seconds * rate);
  for (let at = 0.3; at < seconds - 0.3; at += 0.12 + 0.3 * chance.next()) {
    const [level, length, hz] = [
      0.1 + 0.5 * chance.next(),
      0.05 + 0.15 * chance.next(),
      150 + 2000 * chance.next(),
    ];
    for (let i = 0; i < length * rate; i++) {
      const n = Math.round(at * rate) + i;
      if (n < samples.length)
        samples[n] +=
          level *
          Math.sin((Math.PI * i) / (length * rate)) *
          (Math.sin((2 * Math.PI * hz * i) / rate) + 0.3 * chance.normal()) *
          0.5;
    }
  }
  return samples;
}

describe("measureRecording", () => {
  it("of a sine between silences", () => {
    const samples = new Float32Array(rate);
    for (let i = 4000; i < 12000; i++) samples[i] = 0.5 * Math.sin((2 * Math.PI * 440 * i) / rate);
    const measures = measureRecording(samples, rate);
    expect(measures.seconds).toBe(1);
    expect(measures.peak).toBeCloseTo(0.5, 3);
    expect(measures.levelDb).toBeCloseTo(10 * Math.log10(0.125 / 2), 2);
    expect(measures.zeroStartSeconds).toBeCloseTo(0.25, 3);
    expect(measures.quietEndSeconds).toBeCloseTo(0.25, 3);
    expect(measures.offset).toBeCloseTo(0, 5);
  });

  it("of digital silence, of an offset, of nothing", () => {
    expect(measureRecording(new Float32Array(rate), rate)).toMatchObject({
      levelDb: null,
      peak: 0,
      zeroStartSeconds: 1,
    });
    expect(measureRecording(new Float32Array(rate).fill(0.25), rate).offset).toBeCloseTo(0.25, 6);
    expect(measureRecording(new Float32Array(0), rate)).toMatchObject({ seconds: 0, levelDb: null });
  });
});

describe("one recording under two names", () => {
  const recordings = Array.from({ length: 40 }, (_, seed) => babble(seed));
  const copy = (
    change: (samples: Float32Array) => Float32Array,
  ): { cosine: number; correlation: number; others: number } => {
    const changed = change(recordings[0]);
    const prints = [recordings[0], changed, ...recordings.slice(1)].map((samples) =>
      recordingFingerprint(samples, rate),
    );
    const pairs = similarFingerprints(prints, 0.9);
    const { correlation } = alignRecordings(recordings[0], changed);
    const own = pairs.find(({ a, b }) => a === 0 && b === 1);
    return {
      cosine: own?.cosine ?? 0,
      correlation,
      others: Math.max(
        0,
        ...pairs.filter((pair) => pair !== own && pair.a !== 1).map(({ cosine }) => cosine),
      ),
    };
  };

  it.each([
    ["quieter", (samples: Float32Array) => samples.map((value) => value * 0.1)],
    ["turned over", (samples: Float32Array) => samples.map((value) => -value)],
    ["trimmed", (samples: Float32Array) => samples.slice(2000)],
    ["padded", (samples: Float32Array) => Float32Array.from([...new Float32Array(3000), ...samples])],
    ["in 8 bits", (samples: Float32Array) => samples.map((value) => Math.round(value * 127) / 127)],
  ])("is found when %s", (_, change) => {
    const { cosine, correlation, others } = copy(change);
    expect(cosine).toBeGreaterThan(0.995);
    expect(correlation).toBeGreaterThan(0.98);
    expect(others).toBeLessThan(0.995);
  });

  it("tells the shift, and two recordings apart", () => {
    expect(alignRecordings(recordings[0], recordings[0].slice(2000)).lagSamples).toBe(2000);
    expect(alignRecordings(recordings[0].slice(2000), recordings[0]).lagSamples).toBe(-2000);
    expect(alignRecordings(recordings[0], recordings[1]).correlation).toBeLessThan(0.6);
    expect(alignRecordings(new Float32Array(100), recordings[1]).correlation).toBe(0);
  });

  it("agrees with correlating directly", () => {
    const [a, b] = [recordings[2].subarray(5000, 5200), recordings[3].subarray(6000, 6150)];
    let best = 0;
    for (let lag = -b.length; lag <= a.length; lag++) {
      let sum = 0;
      for (let i = 0; i < b.length; i++) sum += b[i] * (a[i + lag] ?? 0);
      best = Math.max(best, Math.abs(sum));
    }
    const norm = (samples: Float32Array): number =>
      Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0));
    expect(alignRecordings(a, b).correlation).toBeCloseTo(best / (norm(a) * norm(b)), 6);
  });
});

describe("classClue", () => {
  const chance = random(1);
  const labels = Array.from({ length: 300 }, (_, i) => `c${i % 3}`);
  const groups = Array.from({ length: 300 }, (_, i) => `g${Math.floor(i / 30)}`);

  it("is blind to noise and sees what is given away", () => {
    const noise = classClue(
      labels.map(() => chance.normal()),
      labels,
      groups,
    )!;
    expect(noise.uar).toBeGreaterThan(0.2);
    expect(noise.uar).toBeLessThan(0.45);
    expect(noise.etaSquared).toBeLessThan(0.05);
    expect(noise.interval.low).toBeLessThan(1 / 3);
    expect(noise.interval.low).toBeLessThan(noise.uar);
    expect(noise.interval.high).toBeGreaterThan(noise.uar);
    const told = classClue(
      labels.map((label) => Number(label[1]) * 10 + chance.normal()),
      labels,
      groups,
    )!;
    expect(told.uar).toBeGreaterThan(0.95);
    expect(told.interval.low).toBeGreaterThan(0.9);
    expect(told.etaSquared).toBeGreaterThan(0.95);
    expect(told.chance).toBeCloseTo(1 / 3, 12);
  });

  it("counts eta squared by its definition", () => {
    const clue = classClue([0, 2, 4, 6], ["a", "a", "b", "b"], ["g", "g", "h", "h"])!;
    expect(clue.etaSquared).toBeCloseTo(16 / 20, 12);
    expect(clue.medians).toEqual({ a: 1, b: 5 });
  });

  it("says nothing of one class or one value", () => {
    expect(classClue([1, 2], ["a", "a"], ["g", "h"])).toBeNull();
    expect(classClue([1, 1], ["a", "b"], ["g", "h"])).toBeNull();
  });
});
