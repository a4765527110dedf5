/** egemaps-v02 in closed form, beside openSMILE and on odd input. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { type EgemapsReference, egemapsCorrelations } from "../../../../test/golden/egemaps-parity.js";
import { exampleClip } from "../../../../test/golden/signals.js";
import { random } from "../math/random.js";
import { egemapsV02 } from "./egemaps-v02.js";
import { gemapsV01b } from "./gemaps-v01b.js";

const sampleRate = 16000;
const golden = JSON.parse(await readFile(join(root, "test/golden/egemaps.json"), "utf8")) as {
  names: string[];
  clips: Record<string, number[]>;
  vowel: number[];
};
const recordings: EgemapsReference[] = await Promise.all(
  Object.entries(golden.clips).map(async ([file, expected]) => ({
    samples: await exampleClip(file),
    expected,
  })),
);

const correlations = egemapsCorrelations(recordings);

const named = (samples: Float32Array): Record<string, number> => {
  const { data } = egemapsV02.extract({ samples, sampleRate });
  return Object.fromEntries(egemapsV02.names.map((name, i) => [name, data[i]]));
};
const harmonics = (f0: number, amplitudes: readonly number[]): Float32Array =>
  Float32Array.from({ length: sampleRate }, (_, n) =>
    amplitudes.reduce(
      (sum, amplitude, k) =>
        sum + 0.1 * amplitude * Math.sin((2 * Math.PI * f0 * (k + 1) * n) / sampleRate + 0.7 * k * k),
      0,
    ),
  );

describe("egemaps-v02", () => {
  it("has the published names; gemaps-v01b has 62 of them with the same values", () => {
    expect(egemapsV02.names).toEqual(golden.names);
    expect(gemapsV01b.names).toHaveLength(62);
    const samples = recordings[0].samples;
    const all = named(samples);
    expect([...gemapsV01b.extract({ samples, sampleRate }).data]).toEqual(
      gemapsV01b.names.map((name) => all[name]),
    );
  });

  it.each([110, 200, 333])("hears harmonics of %i Hz: F0, no jitter, no shimmer, high HNR", (f0) => {
    const values = named(
      harmonics(
        f0,
        Array.from({ length: 12 }, (_, k) => 1 / (k + 1)),
      ),
    );
    expect(values["F0semitoneFrom27.5Hz_sma3nz_percentile50.0"]).toBeAllClose(12 * Math.log2(f0 / 27.5), {
      atol: 0.1,
    });
    expect(values.jitterLocal_sma3nz_amean).toBeLessThan(2e-3);
    expect(values.shimmerLocaldB_sma3nz_amean).toBeLessThan(0.05);
    expect(values.HNRdBACF_sma3nz_amean).toBeGreaterThan(6);
    expect(values.VoicedSegmentsPerSec).toBeAllClose(1.1, { atol: 0.1 });
  });

  it("measures H1–H2 between the first two harmonics above F0", () => {
    expect(named(harmonics(200, [1, 0.5, 0.25, 0.2, 0.2, 0.2]))["logRelF0-H1-H2_sma3nz_amean"]).toBeAllClose(
      20 * Math.log10(2),
      { atol: 0.5 },
    );
  });

  it("gives a vowel the formants and levels that openSMILE gives it, which are not its resonances", () => {
    let wave: number[] = Array.from({ length: sampleRate }, (_, n) => (n % 80 === 0 ? 1 : 0));
    for (const [hz, width] of [
      [600, 80],
      [1400, 100],
      [2500, 140],
      [3500, 180],
      [4500, 220],
    ] as const) {
      const r = Math.exp((-Math.PI * width) / sampleRate);
      const c = 2 * r * Math.cos((2 * Math.PI * hz) / sampleRate);
      const out: number[] = [];
      wave.forEach((value, n) => {
        out.push(value + c * (out[n - 1] ?? 0) - r * r * (out[n - 2] ?? 0));
      });
      wave = out;
    }
    const peak = Math.max(...wave.map(Math.abs));
    const values = named(Float32Array.from(wave, (value) => (0.5 * value) / peak));
    // F1 and F2 of this vowel are almost a double root, which openSMILE's float32 blurs.
    for (const [formant, rtol] of [
      [1, 5e-3],
      [2, 5e-3],
      [3, 5e-4],
    ] as const) {
      for (const measure of ["frequency", "bandwidth"]) {
        const name = `F${formant}${measure}_sma3nz_amean`;
        expect(values[name], name).toBeAllClose(golden.vowel[golden.names.indexOf(name)], { rtol });
      }
      const level = `F${formant}amplitudeLogRelF0_sma3nz_amean`;
      expect(values[level], level).toBeAllClose(golden.vowel[golden.names.indexOf(level)], { atol: 0.01 });
    }
    for (const level of ["logRelF0-H1-H2_sma3nz_amean", "logRelF0-H1-A3_sma3nz_amean"])
      expect(values[level], level).toBeAllClose(golden.vowel[golden.names.indexOf(level)], { atol: 0.02 });
  });

  it("adds to sound level and nothing to F0 and spectral balance when louder by 6 dB", () => {
    const { samples } = recordings[3];
    const quiet = named(samples);
    const loud = named(samples.map((value) => value * 2));
    const step = 20 * Math.log10(2);
    expect(loud.equivalentSoundLevel_dBp).toBeAllClose(quiet.equivalentSoundLevel_dBp! + step, {
      atol: 1e-3,
    });
    expect(loud.loudness_sma3_amean).toBeAllClose(quiet.loudness_sma3_amean! * 4 ** 0.33, { rtol: 1e-4 });
  });

  it.each([
    [/^(loudness|spectralFlux_|mfcc\d_.*amean|equivalent|loudnessPeaks)/, 0.95],
    [/^F0semitone.*(amean|percentile|pctlrange)/, 0.95],
    [/^(alphaRatio|hammarberg|slope|spectralFlux|mfcc\dV).*amean/, 0.96],
    [/^(HNRdBACF|logRelF0-H1-H2).*amean/, 0.96],
    [/^(F[123]|logRelF0-H1-A3).*amean/, 0.96],
  ])("%s correlates with openSMILE's over the example clips by at least %f", (pattern, least) => {
    egemapsV02.names.forEach((name, i) => {
      if (pattern.test(name)) expect(correlations[i], name).toBeGreaterThan(least);
    });
  });

  it("ends its voiced and unvoiced frames where openSMILE does when the recording stops in a voiced sound", () => {
    const values = named(recordings[0].samples.slice(0, 27717));
    const expected = {
      "F0semitoneFrom27.5Hz_sma3nz_amean": 26.541021,
      "F0semitoneFrom27.5Hz_sma3nz_meanRisingSlope": 183.11967,
      "F0semitoneFrom27.5Hz_sma3nz_meanFallingSlope": 3.6261559,
      mfcc1V_sma3nz_amean: 22.50358,
      alphaRatioV_sma3nz_amean: -8.880564,
      alphaRatioUV_sma3nz_amean: -2.1528442,
      VoicedSegmentsPerSec: 2.4096386,
    };
    for (const [name, value] of Object.entries(expected))
      expect(values[name], name).toBeAllClose(value, { rtol: 1e-4 });
  });

  it("gives finite numbers for one frame, noise, clipped speech, clicks, a tone and a constant", () => {
    const rng = random(5);
    const clip = recordings[0].samples;
    for (const samples of [
      clip.slice(20000, 20960),
      Float32Array.from({ length: 8000 }, () => 0.1 * rng.normal()),
      clip.map((value) => Math.max(-1, Math.min(1, 100 * value))),
      Float32Array.from({ length: 16000 }, (_, n) => (n % 4000 === 2000 ? 1 : 0)),
      Float32Array.from({ length: 16000 }, (_, n) => Math.sin(0.1 * n)),
      new Float32Array(16000).fill(0.25),
    ]) {
      const { data } = egemapsV02.extract({ samples, sampleRate });
      expect(data.every(Number.isFinite)).toBe(true);
    }
  });
});
