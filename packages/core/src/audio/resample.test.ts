/** Holds the resampler against closed forms: sines, DC, impulses, and the formula of its own ideal. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resample } from "./resample.js";
import type { Waveform } from "./waveform.js";

function sine(frequency: number, sampleRate: number, seconds: number, amplitude = 1): Waveform {
  const samples = new Float32Array(Math.round(seconds * sampleRate));
  for (let i = 0; i < samples.length; i++)
    samples[i] = amplitude * Math.sin((2 * Math.PI * frequency * i) / sampleRate);
  return { samples, sampleRate };
}

/** The middle of the waveform, where the zeros outside it have no influence. */
function middle(wave: Waveform, edgeSeconds = 0.05): { samples: Float32Array; first: number } {
  const first = Math.ceil(edgeSeconds * wave.sampleRate);
  return { samples: wave.samples.slice(first, wave.samples.length - first), first };
}

function decibels(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}

const pairs: [number, number][] = [
  [48000, 16000],
  [44100, 16000],
  [22050, 16000],
  [24414, 16000],
  [8000, 16000],
  [16000, 44100],
  [11025, 48000],
  [32000, 16000],
  [96000, 16000],
  [384000, 16000],
  [44101, 16000],
  [16000, 24414],
];

describe("resample", () => {
  it.each(pairs)(
    "%i Hz to %i Hz: sines up to 0.9 of the lower Nyquist frequency come out as the formula has them",
    (from, to) => {
      const nyquist = Math.min(from, to) / 2;
      for (const part of [0.01, 0.2, 0.5, 0.75, 0.9]) {
        const frequency = Math.round(nyquist * part);
        const { samples, first } = middle(resample(sine(frequency, from, 0.3), to));
        let worst = 0;
        samples.forEach((value, i) => {
          worst = Math.max(worst, Math.abs(value - Math.sin((2 * Math.PI * frequency * (i + first)) / to)));
        });
        // 0.01 dB would be 1.15e-3; this holds the phase too.
        expect(decibels(worst), `${frequency} Hz`).toBeLessThan(-100);
      }
    },
  );

  it.each(pairs.filter(([from, to]) => from > to))(
    "%i Hz to %i Hz: what lies above the new Nyquist frequency is 100 dB down",
    (from, to) => {
      const low = to / 2;
      const high = from / 2;
      const frequencies = [
        low * 1.0005,
        low * 1.05,
        ...[0.1, 0.3, 0.5, 0.7, 0.9, 0.99].map((part) => low + part * (high - low)),
      ];
      for (const frequency of frequencies) {
        const { samples } = middle(resample(sine(frequency, from, 0.3), to));
        const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        expect(decibels(peak), `${frequency} Hz`).toBeLessThan(-100);
      }
    },
  );

  it.each(pairs.filter(([from, to]) => from < to))(
    "%i Hz to %i Hz: no image stands above the old Nyquist frequency",
    (from, to) => {
      // A tone with its image would differ from the one tone of the formula.
      const frequency = 0.45 * from;
      const { samples, first } = middle(resample(sine(frequency, from, 0.3), to));
      const wanted = samples.map((_, i) => Math.sin((2 * Math.PI * frequency * (i + first)) / to));
      expect(samples).toBeAllClose(wanted, { atol: 1e-5, rtol: 0 });
    },
  );

  it("keeps DC exactly", () => {
    for (const [from, to] of pairs) {
      const wave = { samples: new Float32Array(Math.round(from * 0.2)).fill(0.25), sampleRate: from };
      const { samples } = middle(resample(wave, to));
      expect(samples).toBeAllClose(new Float32Array(samples.length).fill(0.25), { rtol: 1e-6 });
    }
  });

  it("puts an impulse where it was, symmetrically", () => {
    const samples = new Float32Array(4801);
    samples[2400] = 1;
    const out = resample({ samples, sampleRate: 48000 }, 16000).samples;
    expect(out.indexOf(out.reduce((most, value) => Math.max(most, value)))).toBe(800);
    for (let i = 1; i < 100; i++) expect(out[800 + i]).toBeCloseTo(out[800 - i], 7);
  });

  it("sees the whole of both ends: cutting the input into two and adding the parts gives the whole", () => {
    const whole = sine(440, 48000, 0.1);
    const half = 2401;
    const left = whole.samples.map((value, i) => (i < half ? value : 0));
    const right = whole.samples.map((value, i) => (i < half ? 0 : value));
    const sum = resample({ samples: left, sampleRate: 48000 }, 16000).samples;
    resample({ samples: right, sampleRate: 48000 }, 16000).samples.forEach((value, i) => {
      sum[i] = sum[i] + value;
    });
    expect(sum).toBeAllClose(resample(whole, 16000).samples, { atol: 3e-7, rtol: 0 });
  });

  it("returns ceil(length × to / from) samples and leaves its input alone", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3000 }),
        fc.constantFrom(8000, 11025, 16000, 22050, 44100, 48000),
        fc.constantFrom(8000, 16000, 48000),
        (length, from, to) => {
          const samples = new Float32Array(length).fill(0.5);
          const result = resample({ samples, sampleRate: from }, to);
          expect(result.samples.length).toBe(Math.ceil((length * to) / from));
          expect(result.sampleRate).toBe(to);
          expect(result.samples.every(Number.isFinite)).toBe(true);
          expect(samples.every((value) => value === 0.5)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("returns the same waveform for the same rate", () => {
    const wave = sine(100, 16000, 0.01);
    expect(resample(wave, 16000)).toBe(wave);
  });

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses a rate of %d Hz", (rate) => {
    const refusal = expect.objectContaining({ code: "audio/bad-sample-rate" });
    expect(() => resample(sine(1, 8000, 0.01), rate)).toThrow(refusal);
    expect(() => resample({ samples: new Float32Array(4), sampleRate: rate }, 16000)).toThrow(refusal);
  });
});
