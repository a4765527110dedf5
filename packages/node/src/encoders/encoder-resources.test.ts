/** The networks behind conditioning, on real clips and noise. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { augment, type Waveform } from "@undertone/core/audio";
import {
  openConditioning,
  openSileroVad,
  parseConditionSteps,
  speechSegments,
} from "@undertone/core/condition";
import { openFeatureSet } from "@undertone/core/features";
import { random } from "@undertone/core/math";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { exampleClip } from "../../../../test/golden/signals.js";
import { nodeEncoderResources } from "./encoder-resources.js";

const golden = JSON.parse(readFileSync(join(root, "test/golden/conditioning.json"), "utf8")) as {
  speech: Record<string, number[]>;
};
const sampleRate = 16000;
const resources = nodeEncoderResources();
const detector = await openSileroVad(resources);
afterAll(() => detector.close());

async function condition(wave: Waveform, kind: string): Promise<Waveform> {
  const conditioning = openConditioning([{ kind }], resources);
  const result = await conditioning.apply(wave);
  await conditioning.close();
  return result;
}

function noise(seconds: number, seed: number): Waveform {
  const rng = random(seed);
  return {
    samples: Float32Array.from({ length: seconds * sampleRate }, () => 0.05 * rng.normal()),
    sampleRate,
  };
}

describe("Silero", () => {
  it.each(Object.entries(golden.speech))("hears %s as its authors' own loop does", async (file, expected) => {
    const probabilities = await detector.probabilities({ samples: await exampleClip(file), sampleRate });
    expect(probabilities).toBeAllClose(expected, { rtol: 0, atol: 2e-4 });
  });

  it("finds speech in a clip and none in noise, and starts afresh each time", async () => {
    const [file] = Object.keys(golden.speech);
    const wave = { samples: await exampleClip(file!), sampleRate };
    const once = await detector.probabilities(wave);
    expect(speechSegments(once)).not.toHaveLength(0);
    expect(speechSegments(await detector.probabilities(noise(2, 1)))).toHaveLength(0);
    expect(await detector.probabilities(wave)).toEqual(once);
  });

  it("cuts what is not speech, and nothing where there is none", async () => {
    const wave = { samples: await exampleClip("03-01-05-01-02-02-11.flac"), sampleRate };
    const cut = await condition(wave, "speech-only");
    expect(cut.samples.length).toBeLessThan(0.8 * wave.samples.length);
    const steady = noise(1, 2);
    expect(await condition(steady, "speech-only")).toBe(steady);
  });
});

describe("RNNoise", () => {
  it("raises the ratio of speech to noise and does not shift the sound", async () => {
    const clean = { samples: await exampleClip("03-01-05-02-01-01-16.flac"), sampleRate };
    const noisy = augment(clean, [{ kind: "noise", colour: "pink", snrDb: 10 }], { random: random(3) });
    const { samples } = await condition(noisy, "rnnoise");
    expect(samples).toHaveLength(clean.samples.length);
    const error = (x: Float32Array): number =>
      x.reduce((sum, value, i) => sum + (value - clean.samples[i]) ** 2, 0);
    expect(10 * Math.log10(error(noisy.samples) / error(samples))).toBeGreaterThan(3);
    const pause = (x: Float32Array): number =>
      x.subarray(0, 8000).reduce((sum, value) => sum + value * value, 0);
    expect(10 * Math.log10(pause(noisy.samples) / pause(samples))).toBeGreaterThan(15);
  });
});

describe("conditioned feature sets", () => {
  it("are the set's features of the conditioned waveform, networks and composites included", async () => {
    const wave = { samples: await exampleClip("03-01-05-01-02-02-11.flac"), sampleRate };
    const id = "rnnoise,speech-only,loudness:lufs=-26/seed-v1+speech-embedding-v1";
    const set = await openFeatureSet(id, resources);
    const inner = await openFeatureSet("seed-v1+speech-embedding-v1", resources);
    const steps = parseConditionSteps("rnnoise,speech-only,loudness:lufs=-26");
    const conditioning = openConditioning(steps, resources);
    expect(set.id).toBe(id);
    const found = await set.extract(wave);
    expect(found.data).toEqual((await inner.extract(await conditioning.apply(wave))).data);
    expect(found.data).not.toEqual((await inner.extract(wave)).data);
    await Promise.all([set.close?.(), inner.close?.(), conditioning.close()]);
  });

  it("refuse a bad step by name", async () => {
    await expect(openFeatureSet("hum/seed-v1", resources)).rejects.toMatchObject({
      code: "condition/bad-step",
    });
    await expect(openFeatureSet("trim/hum", resources)).rejects.toMatchObject({ code: "features/unknown" });
  });
});
