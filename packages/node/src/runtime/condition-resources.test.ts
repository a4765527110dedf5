/** The networks behind conditioning, on real clips and noise. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { augment, condition, random, speechSegments, type Waveform } from "@undertone/core";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { exampleClip } from "../../../../test/golden/signals.js";
import { nodeConditionResources } from "./condition-resources.js";

const golden = JSON.parse(readFileSync(join(root, "test/golden/conditioning.json"), "utf8")) as {
  speech: Record<string, number[]>;
};
const sampleRate = 16000;
const resources = nodeConditionResources();
afterAll(() => resources.close());

function noise(seconds: number, seed: number): Waveform {
  const rng = random(seed);
  return {
    samples: Float32Array.from({ length: seconds * sampleRate }, () => 0.05 * rng.normal()),
    sampleRate,
  };
}

describe("Silero", () => {
  it.each(Object.entries(golden.speech))("hears %s as its authors' own loop does", async (file, expected) => {
    const detector = await resources.voiceActivity!();
    const probabilities = await detector.probabilities({ samples: await exampleClip(file), sampleRate });
    expect(probabilities).toBeAllClose(expected, { rtol: 0, atol: 2e-4 });
  });

  it("finds speech in a clip and none in noise, and starts afresh each time", async () => {
    const detector = await resources.voiceActivity!();
    const [file] = Object.keys(golden.speech);
    const wave = { samples: await exampleClip(file!), sampleRate };
    const once = await detector.probabilities(wave);
    expect(speechSegments(once)).not.toHaveLength(0);
    expect(speechSegments(await detector.probabilities(noise(2, 1)))).toHaveLength(0);
    expect(await detector.probabilities(wave)).toEqual(once);
  });

  it("cuts what is not speech, and nothing where there is none", async () => {
    const wave = { samples: await exampleClip("03-01-05-01-02-02-11.flac"), sampleRate };
    const cut = await condition(wave, [{ kind: "speech-only" }], resources);
    expect(cut.samples.length).toBeLessThan(0.8 * wave.samples.length);
    const steady = noise(1, 2);
    expect(await condition(steady, [{ kind: "speech-only" }], resources)).toBe(steady);
  });
});

describe("RNNoise", () => {
  it("raises the ratio of speech to noise and does not shift the sound", async () => {
    const clean = { samples: await exampleClip("03-01-05-02-01-01-16.flac"), sampleRate };
    const noisy = augment(clean, [{ kind: "noise", colour: "pink", snrDb: 10 }], { random: random(3) });
    const { samples } = await condition(noisy, [{ kind: "rnnoise" }], resources);
    expect(samples).toHaveLength(clean.samples.length);
    const error = (x: Float32Array): number =>
      x.reduce((sum, value, i) => sum + (value - clean.samples[i]!) ** 2, 0);
    expect(10 * Math.log10(error(noisy.samples) / error(samples))).toBeGreaterThan(3);
    const pause = (x: Float32Array): number =>
      x.subarray(0, 8000).reduce((sum, value) => sum + value * value, 0);
    expect(10 * Math.log10(pause(noisy.samples) / pause(samples))).toBeGreaterThan(15);
  });
});
