/** The short-time transform and the spectral measures of signals with a known spectrum. */
import { describe, expect, it } from "vitest";
import { matrix, matrixFromRows, row } from "../math/matrix.js";
import { random } from "../math/random.js";
import { bandBalance } from "./band-balance.js";
import { chroma } from "./chroma.js";
import { spectralBandwidth } from "./spectral-bandwidth.js";
import { spectralCentroid } from "./spectral-centroid.js";
import { spectralContrast } from "./spectral-contrast.js";
import { spectralFlatness } from "./spectral-flatness.js";
import { spectralFlux } from "./spectral-flux.js";
import { spectralRolloff } from "./spectral-rolloff.js";
import { spectralSlopes } from "./spectral-slope.js";
import { fftFrequencies, magnitudes, powerSpectrogram, stft } from "./stft.js";
import { hann } from "./window.js";

const sampleRate = 16000;
const plain = { fftSize: 512, hopSamples: 160, center: false };
const tone = (hz: number, amplitude = 1): Float32Array =>
  Float32Array.from({ length: 4000 }, (_, n) => amplitude * Math.sin((2 * Math.PI * hz * n) / sampleRate));

describe("powerSpectrogram", () => {
  it("of a tone on a bin has amplitude × Σwindow / 2 there and half of it beside", () => {
    const magnitude = magnitudes(powerSpectrogram(tone(1000, 0.5), plain));
    expect([31, 32, 33].map((k) => row(magnitude, 3)[k])).toBeAllClose([32, 64, 32], { rtol: 1e-5 });
    expect(row(magnitude, 3)[60]).toBeLessThan(1e-4);
  });

  it("keeps the energy of the windowed frame (Parseval)", () => {
    const rng = random(1);
    const samples = Float32Array.from({ length: 512 }, () => rng.normal());
    const power = row(powerSpectrogram(samples, plain), 0);
    const window = hann(512);
    const energy = samples.reduce((sum, value, n) => sum + (value * window[n]) ** 2, 0);
    expect((2 * power.reduce((sum, value) => sum + value, 0) - power[0] - power[256]) / 512).toBeAllClose(
      energy,
      { rtol: 1e-6 },
    );
  });

  it("is the squared magnitude of stft, for a short window, centred or not", () => {
    const samples = tone(333);
    for (const options of [
      plain,
      { fftSize: 400, hopSamples: 100 },
      { fftSize: 512, hopSamples: 77, window: hann(300) },
    ]) {
      const { re, im } = stft(samples, options);
      const power = powerSpectrogram(samples, options);
      expect(power.data).toBeAllClose(
        re.data.map((value, i) => value * value + im.data[i] ** 2),
        { rtol: 1e-5, atol: 1e-5 },
      );
    }
  });

  it("of a signal under one frame has no rows when not centred", () => {
    expect(powerSpectrogram(new Float32Array(100), plain).rows).toBe(0);
    expect(powerSpectrogram(new Float32Array(0), { fftSize: 512, hopSamples: 160 }).rows).toBe(1);
  });
});

describe("spectral measures", () => {
  it("of a tone: centroid at its frequency, narrow, roll-off there, far from flat", () => {
    const power = powerSpectrogram(tone(2000), plain);
    const magnitude = magnitudes(power);
    expect(spectralCentroid(magnitude, { sampleRate })[2]).toBeAllClose(2000, { rtol: 1e-4 });
    expect(spectralBandwidth(magnitude, { sampleRate })[2]).toBeLessThan(60);
    expect(spectralRolloff(magnitude, { sampleRate, part: 0.5 })[2]).toBe(2000);
    expect(spectralFlatness(power)[2]).toBeLessThan(1e-6);
  });

  it("of a flat spectrum: centroid in the middle, bandwidth of a uniform distribution, flatness 1, no contrast, no slope", () => {
    const flat = matrix(2, 257, new Float32Array(514).fill(3));
    expect(spectralCentroid(flat, { sampleRate })).toBeAllClose([4000, 4000]);
    expect(spectralBandwidth(flat, { sampleRate })).toBeAllClose(
      new Float64Array(2).fill(31.25 * Math.sqrt((257 ** 2 - 1) / 12)),
    );
    expect(spectralFlatness(flat)).toBeAllClose([1, 1]);
    expect(spectralContrast(flat, { sampleRate, octaves: 5 }).data).toBeAllClose(new Float64Array(12));
    expect(spectralSlopes(flat, { sampleRate, bandsHz: [[0, 8000]] }).data).toBeAllClose([0, 0], {
      atol: 1e-6,
    });
    expect(bandBalance(flat, { sampleRate, low: [0, 4000], high: [4000, 8000], of: "sum" })).toBeAllClose(
      [0, 0],
      { atol: 1e-6 },
    );
  });

  it("slope of a spectrum that falls by 6 dB per kHz is −6", () => {
    const falling = matrixFromRows([
      fftFrequencies(512, sampleRate).map((hz) => 10 ** ((20 - (6 * hz) / 1000) / 10)),
    ]);
    expect(spectralSlopes(falling, { sampleRate, bandsHz: [[500, 1500]] }).data).toBeAllClose([-6], {
      rtol: 1e-5,
    });
    expect(bandBalance(falling, { sampleRate, low: [0, 1], high: [1000, 1001], of: "peak" })).toBeAllClose(
      [6],
      { rtol: 1e-5 },
    );
  });

  it("chroma of A4 and its octaves is strongest in class 9, whatever the octave", () => {
    for (const hz of [440, 880, 1760]) {
      const classes = row(
        chroma(powerSpectrogram(tone(hz), { fftSize: 2048, hopSamples: 512 }), { sampleRate, fftSize: 2048 }),
        3,
      );
      expect(classes.indexOf(1)).toBe(9);
    }
  });

  it("flux counts rises only, first frame 0", () => {
    expect(
      spectralFlux(
        matrixFromRows([
          [0, 0],
          [6, -4],
          [6, -10],
        ]),
      ),
    ).toBeAllClose([0, 3, 0]);
  });

  it("of silence are finite: 0 Hz, flatness 1", () => {
    const silent = matrix(3, 257);
    expect(spectralCentroid(silent, { sampleRate })).toEqual(new Float32Array(3));
    expect(spectralBandwidth(silent, { sampleRate })).toEqual(new Float32Array(3));
    expect(spectralRolloff(silent, { sampleRate })).toEqual(new Float32Array(3));
    expect(spectralFlatness(silent)).toBeAllClose([1, 1, 1]);
    expect(chroma(silent, { sampleRate, fftSize: 512 }).data).toEqual(new Float32Array(36));
  });
});
