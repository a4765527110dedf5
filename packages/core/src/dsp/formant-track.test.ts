/** Formants of a synthetic vowel in closed form, and beside Praat's. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { exampleClip } from "../../../../test/golden/signals.js";
import { resample } from "../audio/resample.js";
import { percentiles } from "../math/statistics.js";
import { formantTrack } from "./formant-track.js";

const sampleRate = 11000;
const golden = JSON.parse(await readFile(join(root, "test/golden/praat-formants.json"), "utf8")) as {
  clips: Record<string, [number, number, number, number][]>;
};

describe("formantTrack", () => {
  it("finds the resonances of an all-pole filter that is struck 110 times a second", () => {
    const resonances = [
      [550, 60],
      [1450, 90],
      [2500, 120],
      [3500, 150],
      [4500, 200],
    ] as const;
    let wave = Float64Array.from({ length: 5500 }, (_, n) => (n % 100 === 0 ? 1 : 0));
    for (const [hz, width] of resonances) {
      const r = Math.exp((-Math.PI * width) / sampleRate);
      const c = 2 * r * Math.cos((2 * Math.PI * hz) / sampleRate);
      const out = new Float64Array(wave.length);
      for (let n = 0; n < out.length; n++)
        out[n] = wave[n] + (n > 0 ? c * out[n - 1] : 0) - (n > 1 ? r * r * out[n - 2] : 0);
      wave = out;
    }
    // The source is flat, so nothing is to be raised.
    const frames = formantTrack(wave, { sampleRate, preEmphasisHz: 1e5 });
    expect(frames).toHaveLength(46);
    for (const { frequencyHz } of frames.slice(10, 36))
      expect(frequencyHz).toBeAllClose(
        resonances.map(([hz]) => hz),
        { rtol: 0.03 },
      );
  });

  it.each(Object.keys(golden.clips))("agrees with Praat on the voiced frames of %s", async (file) => {
    const { samples } = resample({ samples: await exampleClip(file), sampleRate: 16000 }, sampleRate);
    const frames = formantTrack(samples, { sampleRate });
    const rows = golden.clips[file];
    for (let i = 0; i < 3; i++) {
      const errors = rows.map(([seconds, ...formants]) => {
        // Linear between frames, as Praat answers.
        const at = (seconds - frames[0].seconds) / 0.01;
        const low = frames[Math.floor(at)].frequencyHz[i] ?? 0;
        const high = frames[Math.ceil(at)].frequencyHz[i] ?? 0;
        return Math.abs((low + (at % 1) * (high - low)) / formants[i] - 1);
      });
      expect(percentiles(errors, [50])[0], `F${i + 1}`).toBeLessThan(0.03);
    }
  });

  it("gives nothing for silence and for less than a window, and refuses a window of no samples", () => {
    expect(formantTrack(new Float32Array(400), { sampleRate })).toEqual([]);
    for (const { frequencyHz } of formantTrack(new Float32Array(1100), { sampleRate }))
      expect(frequencyHz).toHaveLength(0);
    expect(() => formantTrack(new Float32Array(1100), { sampleRate, windowSeconds: 0 })).toThrow(RangeError);
  });
});
