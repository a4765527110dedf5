/** Levels of harmonics in closed form: tones on bins of the spectrum. */
import { describe, expect, it } from "vitest";
import { harmonicLevels } from "./harmonics.js";
import { voiceAnalyzer } from "./voice.js";

const amplitudes = [1, 0.5, 0.25, 0.2, 0.4];
/** Five harmonics of 250 Hz, bin 16. */
const voice = Float32Array.from({ length: 1200 }, (_, n) =>
  amplitudes.reduce((sum, a, k) => sum + 0.1 * a * Math.cos((2 * Math.PI * 250 * (k + 1) * n) / 16000), 0),
);
const db = (ratio: number): number => 20 * Math.log10(ratio);
const levelsOf = (samples: Float32Array, f0Hz: number, formants: readonly number[]): number[] => {
  const levels = new Float64Array(2 + formants.length);
  const analyzer = voiceAnalyzer();
  analyzer.load(samples, 0);
  harmonicLevels(analyzer.power(), { f0Hz, formantsHz: Float64Array.from(formants) }, levels);
  return [...levels];
};

describe("harmonicLevels", () => {
  it("takes the strongest harmonic within 20 % of a formant, and the harmonics above F0 as H1 and H2", () => {
    // 800–1200 Hz holds 1000; 880–1320 holds 1000 and 1250.
    const levels = levelsOf(voice, 250, [1000, 1100, 1250]);
    expect(levels[0]).toBeAllClose(db(0.5 / 0.25), { atol: 0.01 });
    expect(levels.slice(2, 4)).toBeAllClose([db(0.2), db(0.4)], { atol: 0.01 });
    expect(levelsOf(voice, 250, [500, 750, 1250])[1]).toBeAllClose(db(0.5 / 0.4), { atol: 0.01 });
  });

  it("gives a formant with no harmonic near the level of F0", () => {
    expect(levelsOf(voice, 250, [340, 600, 10])[2]).toBe(0);
    expect(levelsOf(voice, 250, [0, 0, 0]).slice(2)).toEqual([0, 0, 0]);
  });

  it("finds nothing where there are no peaks", () => {
    expect(levelsOf(new Float32Array(1200), 250, [500, 1500, 2500])).toEqual([0, 0, -201, -201, -201]);
  });
});
