/** The effective band of noises whose band is known. */
import { describe, expect, it } from "vitest";
import { random } from "../math/random.js";
import { augment } from "./augment/index.js";
import { effectiveBandHz, narrowBandHz } from "./effective-band.js";
import { resample } from "./resample.js";
import type { Waveform } from "./waveform.js";

function noise(sampleRate: number, level = 0.1): Waveform {
  const chance = random(`noise at ${sampleRate}`);
  return {
    samples: Float32Array.from({ length: 2 * sampleRate }, () => level * chance.normal()),
    sampleRate,
  };
}
const through = (wave: Waveform, highHz: number): Waveform =>
  augment(wave, [{ kind: "band-limit", highHz }, { kind: "quantize" }], { random: random(1) });

describe("effectiveBandHz", () => {
  it.each([1500, 3400, 4000, 5500, 7000])("finds the edge of noise below %i Hz at any rate", (highHz) => {
    for (const sampleRate of [16000, 22050, 48000])
      expect(effectiveBandHz(through(noise(sampleRate), highHz))).toBeAllClose(highHz, {
        rtol: 0,
        atol: 200,
      });
  });
  it("is half the rate where all of it is used, whatever the colour, and half the old rate after resampling", () => {
    for (const rate of [8000, 16000, 44100]) expect(effectiveBandHz(noise(rate))).toBe(rate / 2);
    for (const colour of ["pink", "brown"]) {
      const coloured = augment(noise(16000, 1e-6), [{ kind: "noise", colour, snrDb: -40 }], {
        random: random(1),
      });
      expect(effectiveBandHz(coloured)).toBe(8000);
    }
    expect(effectiveBandHz(resample(noise(8000), 16000))).toBeAllClose(4000, { rtol: 0, atol: 200 });
  });
  it("does not depend on level or pauses", () => {
    const wave = through(noise(16000), 3500);
    const padded = { samples: new Float32Array(5 * 16000), sampleRate: 16000 };
    padded.samples.set(wave.samples, 40000);
    for (const gain of [1e-6, 1, 1000])
      expect(effectiveBandHz({ samples: padded.samples.map((x) => gain * x), sampleRate: 16000 })).toBe(
        effectiveBandHz(wave),
      );
  });
  it("is narrow where it lies well below what is heard", () => {
    expect(narrowBandHz(through(noise(48000), 4000), 16000)).toBeAllClose(4000, { rtol: 0, atol: 200 });
    expect(narrowBandHz(through(noise(48000), 12000), 16000)).toBeUndefined();
    expect(narrowBandHz(through(noise(48000), 12000), 48000)).toBeDefined();
    expect(narrowBandHz(through(noise(16000), 7600), 16000)).toBeUndefined();
    expect(narrowBandHz({ samples: new Float32Array(16000), sampleRate: 16000 }, 16000)).toBeUndefined();
  });
  it("is 0 for silence and for what is too short to say", () => {
    for (const length of [0, 1, 400, 16000])
      expect(effectiveBandHz({ samples: new Float32Array(length), sampleRate: 16000 })).toBe(0);
  });
});
