/** prosody-v1 beside Praat, and on odd input. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { type PraatGolden, praatBars, praatDifferences } from "../../../../test/golden/praat-parity.js";
import { exampleClip } from "../../../../test/golden/signals.js";
import { random } from "../math/random.js";
import { percentiles } from "../math/statistics.js";
import { prosodyV1 } from "./prosody-v1.js";

const sampleRate = 16000;
const golden = JSON.parse(
  await readFile(join(root, "test/golden/praat-prosody.json"), "utf8"),
) as PraatGolden;
const differences = await Promise.all(
  Object.entries(golden.clips).map(async ([file, expected]) =>
    praatDifferences(await exampleClip(file), expected),
  ),
);

const named = (samples: Float32Array): Record<string, number> => {
  const { data } = prosodyV1.extract({ samples, sampleRate });
  return Object.fromEntries(prosodyV1.names.map((name, i) => [name, data[i]]));
};

describe("prosody-v1", () => {
  it.each(Object.entries(praatBars))(
    "%s differs from Praat's by less than %f, the median over the example clips",
    (name, bar) => {
      expect(differences).toHaveLength(16);
      expect(
        percentiles(
          differences.map((one) => one[name]),
          [50],
        )[0],
      ).toBeLessThan(bar);
    },
  );

  it("moves nothing but the level when louder by 6 dB", async () => {
    const samples = await exampleClip("03-01-05-02-01-01-16.flac");
    const quiet = named(samples);
    const loud = named(samples.map((value) => value * 2));
    for (const name of prosodyV1.names) {
      const shift = /^intensity\.db\.(mean|p\d+)$/.test(name) ? 20 * Math.log10(2) : 0;
      expect(loud[name], name).toBeAllClose(quiet[name] + shift, { rtol: 1e-4, atol: 1e-4 });
    }
  });

  it("does not mind an offset", async () => {
    const samples = await exampleClip("03-01-03-01-02-01-12.flac");
    const plain = named(samples);
    const shifted = named(samples.map((value) => value + 0.25));
    for (const name of prosodyV1.names)
      expect(shifted[name], name).toBeAllClose(plain[name], { rtol: 0.01, atol: 0.01 });
  });

  it("gives 0 for what a clip does not have", () => {
    const rng = random(5);
    const values = named(Float32Array.from({ length: 16000 }, () => 0.01 * rng.normal()));
    expect(values["pause.count"]).toBe(0);
    expect(values["pause.seconds.mean"]).toBe(0);
    const click = named(Float32Array.from({ length: 4000 }, (_, n) => (n === 2000 ? 1 : 0)));
    for (const name of prosodyV1.names)
      if (/^(f0|jitter|shimmer|formant)/.test(name)) expect(click[name], name).toBe(0);
  });

  it("gives finite numbers for the shortest clip, clipped speech, clicks, a tone and digital silence around it", async () => {
    const clip = await exampleClip("03-01-01-01-01-01-01.flac");
    for (const samples of [
      clip.slice(20000, 22048),
      clip.map((value) => Math.max(-1, Math.min(1, 100 * value))),
      Float32Array.from({ length: 16000 }, (_, n) => (n % 4000 === 2000 ? 1 : 0)),
      Float32Array.from({ length: 16000 }, (_, n) => Math.sin(0.1 * n)),
      Float32Array.from({ length: 16000 }, (_, n) => (n > 6000 && n < 8000 ? Math.sin(0.1 * n) : 0)),
    ]) {
      expect(prosodyV1.extract({ samples, sampleRate }).data.every(Number.isFinite)).toBe(true);
    }
  });
});
