/** Both runtimes of Node give what the graph says, and the recognizer on top of them hears, abstains and refuses. */
import {
  adaptToCollection,
  type CollectionProfile,
  hear,
  newCollection,
  newSpeaker,
  openRecognizer,
  type Prediction,
  type ScoreRequest,
  score,
  writeArtifact,
} from "@undertone/core/artifact";
import { changeSpeed, type Waveform } from "@undertone/core/audio";
import type { FeatureSet } from "@undertone/core/features";
import { matrix } from "@undertone/core/math";
import { describe, expect, it } from "vitest";
import { learnCollection } from "../../../core/src/learn/learn-collection.js";
import { graphBuilder } from "../../../core/src/onnx/graph-builder.js";
import { nodeRuntime } from "./node-runtime.js";

/** Level and zero crossings of a waveform: enough to tell two voices apart in closed form. */
const set: FeatureSet = {
  id: "pair-v1",
  level: "functionals",
  names: ["rms", "crossings"],
  sampleRate: 16000,
  levelFree: false,
  extract({ samples }) {
    let square = 0;
    let crossings = 0;
    for (let i = 0; i < samples.length; i++) {
      square += samples[i] ** 2;
      if (i > 0 && samples[i] < 0 !== samples[i - 1] < 0) crossings++;
    }
    return matrix(1, 2, Float32Array.of(Math.sqrt(square / samples.length), crossings / samples.length));
  },
};

const weights = [2, -1, -3, 4];

function pairModel(): Uint8Array {
  const builder = graphBuilder();
  const input = builder.input("features", ["N", 2]);
  const product = builder.node("MatMul", [input, builder.constant("weights", [2, 2], weights)]);
  builder.output("scores", builder.node("Softmax", [product]), ["N", 2]);
  return builder.toBytes();
}

const labelMap = { id: "two", classes: ["low", "high"], words: { low: "low", high: "high" } };

const described = {
  name: "pair",
  created: "2026-01-01T00:00:00Z",
  undertone: "0.1.0",
  featureSet: set,
  model: { kind: "none", params: {} },
  reference: { utterances: 1, mean: [0, 0], deviation: [1, 1] },
  training: { dataset: "none", utterances: 1, speakers: 1 },
  evaluation: null,
  card: { licence: "MIT", data: "none", intendedUse: "tests", limits: "all", citation: "none" },
};

function artifact(changes: Partial<Parameters<typeof writeArtifact>[1]> = {}): Uint8Array {
  return writeArtifact(pairModel(), { ...described, labelMap, ...changes });
}

/** A vowel-like sound whose pitch and colour move: pulses through two resonances that glide, three syllables a second. */
function voice(seconds: number, sampleRate = 16000): Waveform {
  const samples = new Float32Array(Math.round(seconds * sampleRate));
  let phase = 0;
  for (let i = 0; i < samples.length; i++) {
    const t = i / sampleRate;
    const f0 = 140 + 25 * Math.sin(2 * Math.PI * 1.3 * t);
    phase += (2 * Math.PI * f0) / sampleRate;
    const [first, second] = [
      500 + 250 * Math.sin(2 * Math.PI * 3 * t),
      1500 + 600 * Math.cos(2 * Math.PI * 2 * t),
    ];
    let sum = 0;
    for (let k = 1; k * f0 < Math.min(6000, sampleRate / 2); k++) {
      const peak = (centre: number): number => 1 / (1 + ((k * f0 - centre) / 120) ** 2);
      sum += ((0.05 + peak(first) + 0.6 * peak(second)) / Math.sqrt(k)) * Math.sin(k * phase);
    }
    samples[i] = 0.15 * sum * (0.55 + 0.45 * Math.sin(2 * Math.PI * 3 * t));
  }
  return { samples, sampleRate };
}

/** The scores that the graph must give, by hand. */
function expectedScores(wave: Waveform): number[] {
  const [rms, crossings] = set.extract(wave).data as unknown as [number, number];
  return graphScores(rms, crossings);
}

function graphScores(rms: number, crossings: number): number[] {
  const logits = [rms * weights[0] + crossings * weights[2], rms * weights[1] + crossings * weights[3]];
  const powers = logits.map(Math.exp);
  return powers.map((power) => power / (powers[0] + powers[1]));
}

const options = { featureSets: [set] };

describe.each(["native", "wasm"] as const)("nodeRuntime, %s", (backend) => {
  it("runs a graph on many rows and on one", async () => {
    const runtime = nodeRuntime({ backend });
    const session = await runtime.load(pairModel());
    expect(runtime.name).toMatch(backend === "native" ? /^onnxruntime-node \d/ : /^onnxruntime-web \d/);
    expect([session.inputNames, session.outputNames]).toEqual([["features"], ["scores"]]);
    const { scores } = await session.run({ features: { dims: [2, 2], data: Float32Array.of(0, 0, 1, 0) } });
    expect(scores!.dims).toEqual([2, 2]);
    const e3 = Math.exp(3);
    expect(scores!.data as Float32Array).toBeAllClose([0.5, 0.5, e3 / (e3 + 1), 1 / (e3 + 1)], {
      rtol: 1e-6,
    });
    await session.close();
  });

  it("refuses what is no graph, in one sentence", async () => {
    await expect(nodeRuntime({ backend }).load(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({
      code: "onnx/unsupported",
      message: expect.stringMatching(/^ONNX Runtime cannot load the graph: [^\n]+$/),
    });
  });
});

/** An artifact of values, arousal and dominance linear in the features, with the scores of `pairModel` before them when asked. */
function valueArtifact(
  withScores: boolean,
  changes: Partial<Parameters<typeof writeArtifact>[1]> = {},
): Uint8Array {
  const builder = graphBuilder();
  const input = builder.input("features", ["N", 2]);
  const product = builder.node("MatMul", [input, builder.constant("weights", [2, 2], weights)]);
  const slopes = builder.constant("slopes", [2, 2], [10, 0, 0, -5]);
  if (withScores) builder.output("scores", builder.node("Softmax", [product]), ["N", 2]);
  builder.output("values", builder.node("MatMul", [input, slopes]), ["N", 2]);
  const values = (["arousal", "dominance"] as const).map((name) => ({ name, low: 0, high: 5, mean: 2 }));
  return writeArtifact(builder.toBytes(), {
    ...described,
    ...(withScores && { labelMap }),
    dimensions: { model: { kind: "none", params: {} }, values, evaluation: null },
    ...changes,
  });
}

/** The values that the graph must give, by hand. */
function expectedValues(wave: Waveform): number[] {
  const [rms, crossings] = set.extract(wave).data as unknown as [number, number];
  return [10 * rms, -5 * crossings];
}

describe("a recognizer of values", () => {
  it("gives them for the whole, every window and every piece of a stream, alone and beside classes", async () => {
    const wave = voice(2.5);
    for (const withScores of [false, true]) {
      const recognizer = await openRecognizer(valueArtifact(withScores), {
        runtime: nodeRuntime(),
        ...options,
      });
      const whole = await recognizer.recognize(wave);
      expect(Object.keys(whole.dimensions!)).toEqual(["arousal", "dominance"]);
      expect(Object.values(whole.dimensions!)).toBeAllClose(expectedValues(wave), { rtol: 1e-5 });
      if (withScores) expect(Object.values(whole.scores)).toBeAllClose(expectedScores(wave), { rtol: 1e-5 });
      else expect(whole).toMatchObject({ label: null, scores: {}, confidence: 0 });
      expect(whole.reason).toBeUndefined();
      const timeline = await recognizer.timeline(wave, { windowSeconds: 1, hopSeconds: 0.5 });
      expect(timeline).toHaveLength(4);
      for (const { start, end, dimensions } of timeline) {
        const samples = wave.samples.slice(start * wave.sampleRate, end * wave.sampleRate);
        const expected = expectedValues({ samples, sampleRate: wave.sampleRate });
        expect(Object.values(dimensions!)).toBeAllClose(expected, { rtol: 1e-5 });
      }
      const stream = recognizer.openStream({ sampleRate: 16000, windowSeconds: 1, hopSeconds: 0.5 });
      const heard = [...(await stream.push(wave.samples.subarray(0, 20000)))];
      heard.push(...(await stream.push(wave.samples.subarray(20000))), ...(await stream.finish()));
      expect(heard).toEqual(timeline);
      const silence = await recognizer.recognize({ samples: new Float32Array(16000), sampleRate: 16000 });
      expect(silence).toMatchObject({ label: null, reason: "no-speech" });
      expect(silence.dimensions).toBeUndefined();
      await recognizer.close();
    }
  });

  it("averages them over the artifact's speeds, and says where the sound is unfamiliar", async () => {
    const wave = voice(1.5);
    const reference = { utterances: 30, mean: [0, 0], deviation: [1e-3, 1e-3] };
    const profile = {
      axes: [],
      precision: [],
      residualVariance: 1,
      percentiles: Array.from({ length: 101 }, (_, k) => k / 1e4),
      abstainAbove: 0.99,
    };
    const bytes = valueArtifact(false, { speeds: [0.9, 1.1], reference, outOfDistribution: profile });
    const recognizer = await openRecognizer(bytes, { runtime: nodeRuntime(), ...options });
    const heard = await recognizer.recognize(wave);
    const views = [0.9, 1.1].map((speed) => expectedValues(changeSpeed(wave, speed)));
    const mean = [0, 1].map((k) => (views[0][k] + views[1][k]) / 2);
    expect(Object.values(heard.dimensions!)).toBeAllClose(mean, { rtol: 1e-5 });
    expect(heard).toMatchObject({ label: null, reason: "unfamiliar", outOfDistribution: 1 });
    await recognizer.close();
  });
});

describe("openRecognizer", () => {
  it("gives the graph's scores of the whole waveform", async () => {
    const recognizer = await openRecognizer(artifact(), { runtime: nodeRuntime(), ...options });
    const wave = voice(2);
    const { label, scores, confidence, start, end } = await recognizer.recognize(wave);
    const [low, high] = expectedScores(wave);
    expect(Object.values(scores)).toBeAllClose([low!, high!], { rtol: 1e-5 });
    expect({ label, confidence, start, end }).toEqual({
      label: low! > high! ? "low" : "high",
      confidence: Math.max(...Object.values(scores)),
      start: 0,
      end: 2,
    });
    await recognizer.close();
    await expect(recognizer.recognize(wave)).rejects.toMatchObject({ code: "cancelled" });
  });

  it("cancels what is under way when it is closed: recordings and streams, whether features or graph fail of it", async () => {
    for (const fails of [false, true]) {
      let close = async (): Promise<void> => {};
      const extract = async (wave: Waveform) => {
        await close();
        if (fails) throw new Error("Session already disposed.");
        return set.extract(wave);
      };
      const closing = { ...set, files: [], open: async () => ({ ...set, extract }) };
      const open = async () => {
        close = async () => {};
        const recognizer = await openRecognizer(artifact(), {
          runtime: nodeRuntime(),
          featureSets: [closing],
        });
        close = () => recognizer.close();
        return recognizer;
      };
      const cancelled = { code: "cancelled" };
      await expect((await open()).recognize(voice(1))).rejects.toMatchObject(cancelled);
      await expect((await open()).timeline(voice(1))).rejects.toMatchObject(cancelled);
      const stream = (await open()).openStream({ sampleRate: 16000, windowSeconds: 1, hopSeconds: 1 });
      await expect(stream.push(voice(1.5).samples)).rejects.toMatchObject(cancelled);
      await expect(stream.finish()).rejects.toMatchObject(cancelled);
    }
  });

  it("closes the feature set even where the session does not close", async () => {
    let closed = 0;
    const held = { ...set, files: [], open: async () => ({ ...set, close: async () => void closed++ }) };
    const runtime = nodeRuntime();
    const load = async (bytes: Uint8Array) => {
      const session = await runtime.load(bytes);
      return { ...session, close: () => session.close().then(() => Promise.reject(new Error("stuck"))) };
    };
    const recognizer = await openRecognizer(artifact(), {
      runtime: { ...runtime, load },
      featureSets: [held],
    });
    await expect(recognizer.close()).rejects.toThrow("stuck");
    expect(closed).toBe(1);
  });

  it("is hearing and scoring, apart: on another thread, and many clips and speakers in one run of the graph", async () => {
    const speeds = [0.9, 1.1];
    const reference = { utterances: 9, mean: [0.05, 0.1], deviation: [1, 1] };
    const bytes = artifact({ reference, speakers: { shrinkage: 2 }, speeds });
    const recognizer = await openRecognizer(bytes, { runtime: nodeRuntime(), ...options });
    const { manifest } = recognizer;
    const silence = { samples: new Float32Array(16000), sampleRate: 16000 };
    const waves = [voice(2), silence, voice(1.2), voice(0.1), voice(3)];
    const { speaker } = await recognizer.recognize(voice(1), { speaker: newSpeaker(manifest) });
    const requests: ScoreRequest[] = [];
    for (const [i, wave] of waves.entries()) {
      const hearing = structuredClone(await hear(wave, { set, facts: manifest }));
      requests.push({ hearing, part: "recording", speaker: i > 1 ? speaker : undefined });
    }
    let runs = 0;
    const session = await nodeRuntime().load(bytes);
    const counted = {
      ...session,
      run: (inputs: Parameters<typeof session.run>[0]) => {
        runs++;
        return session.run(inputs);
      },
    };
    const together = await score(requests, { session: counted, manifest });
    expect(runs).toBe(1);
    for (const [i, wave] of waves.entries()) {
      const alone = await recognizer.recognize(wave, { speaker: requests[i].speaker });
      expect({ ...together[i], scores: 0, confidence: 0, speaker: 0 }).toEqual({
        ...alone,
        scores: 0,
        confidence: 0,
        speaker: 0,
      });
      expect(Object.values(together[i].scores)).toBeAllClose(Object.values(alone.scores), { atol: 1e-6 });
      expect(together[i].speaker?.heard.length).toBe(alone.speaker?.heard.length);
    }
    await session.close();
    await recognizer.close();
  });

  it("resamples: the same sound at another rate gets nearly the same scores", async () => {
    const recognizer = await openRecognizer(artifact(), { runtime: nodeRuntime(), ...options });
    const at48 = await recognizer.recognize(voice(2, 48000));
    const at16 = await recognizer.recognize(voice(2));
    expect(Object.values(at48.scores)).toBeAllClose(Object.values(at16.scores), { atol: 0.02 });
    await recognizer.close();
  });

  it("says of each window what it says of that stretch alone, across batches", async () => {
    const recognizer = await openRecognizer(artifact(), { runtime: nodeRuntime(), ...options });
    const wave = voice(10.5);
    const timeline = await recognizer.timeline(wave, { windowSeconds: 2, hopSeconds: 0.25 });
    expect(timeline).toHaveLength(35);
    for (const { start, end, scores } of timeline) {
      const samples = wave.samples.subarray(Math.round(start * 16000), Math.round(end * 16000));
      expect(Object.values(scores)).toBeAllClose(expectedScores({ samples, sampleRate: 16000 }), {
        rtol: 1e-5,
      });
    }
    await recognizer.close();
  });

  it("hears a stream in pieces as it hears the whole", async () => {
    const recognizer = await openRecognizer(artifact(), { runtime: nodeRuntime(), ...options });
    const wave = voice(2.6, 48000);
    const grid = { windowSeconds: 1, hopSeconds: 0.5 };
    const whole = await recognizer.timeline(wave, grid);
    const stream = recognizer.openStream({ ...grid, sampleRate: 48000 });
    const heard = [];
    for (let at = 0; at < wave.samples.length; at += 12345)
      heard.push(...(await stream.push(wave.samples.slice(at, at + 12345))));
    heard.push(...(await stream.finish()));
    expect(heard.map(({ label, start, end }) => ({ label, start, end }))).toEqual(
      whole.map(({ label, start, end }) => ({ label, start, end })),
    );
    heard.forEach(({ scores }, i) => {
      expect(Object.values(scores)).toBeAllClose(Object.values(whole[i].scores), { atol: 1e-6 });
    });
    expect(() => recognizer.openStream({ sampleRate: 0 })).toThrow(/0 Hz/);
    await recognizer.close();
  });

  it("abstains without speech, without length and without certainty", async () => {
    const runtime = nodeRuntime();
    const recognizer = await openRecognizer(artifact(), { runtime, ...options });
    const silence = { samples: new Float32Array(16000), sampleRate: 16000 };
    const nothing = { label: null, scores: {}, confidence: 0, start: 0 };
    expect(await recognizer.recognize(silence)).toEqual({ ...nothing, reason: "no-speech", end: 1 });
    expect(await recognizer.recognize(voice(0.1))).toEqual({ ...nothing, reason: "too-short", end: 0.1 });
    const half = new Float32Array(4 * 16000);
    half.set(voice(2).samples);
    const timeline = await recognizer.timeline(
      { samples: half, sampleRate: 16000 },
      { windowSeconds: 1, hopSeconds: 1 },
    );
    expect(timeline.map(({ label, reason }) => reason ?? label)).toEqual([
      expect.stringMatching(/low|high/),
      expect.stringMatching(/low|high/),
      "no-speech",
      "no-speech",
    ]);
    const strict = await openRecognizer(artifact({ minConfidence: 1 }), { runtime, ...options });
    const unsure = await strict.recognize(voice(2));
    expect(unsure).toMatchObject({ label: null, reason: "uncertain" });
    expect(Object.keys(unsure.scores)).toEqual(["low", "high"]);
    await recognizer.close();
    await strict.close();
  });

  it("calibrates by temperature: half of it doubles the log odds", async () => {
    const runtime = nodeRuntime();
    const plain = await openRecognizer(artifact(), { runtime, ...options });
    const calibration = { kind: "temperature", temperature: 0.5 } as const;
    const sharp = await openRecognizer(artifact({ calibration }), { runtime, ...options });
    const odds = async (recognizer: typeof plain): Promise<number> => {
      const { scores } = await recognizer.recognize(voice(2));
      return Math.log(scores.low! / scores.high!);
    };
    expect(await odds(sharp)).toBeAllClose(2 * (await odds(plain)), { rtol: 1e-5 });
    await plain.close();
    await sharp.close();
  });

  it("averages the scores over the artifact's speeds, of the whole and of each window", async () => {
    const runtime = nodeRuntime();
    const speeds = [0.9, 1, 1.25];
    const recognizer = await openRecognizer(artifact({ speeds }), { runtime, ...options });
    expect(recognizer.manifest).toMatchObject({ requires: ["speeds"], features: { speeds } });
    const mean = (wave: Waveform): number[] => {
      const each = speeds.map((speed) => expectedScores(changeSpeed(wave, speed)));
      return [0, 1].map((k) => each.reduce((sum, scores) => sum + scores[k] / speeds.length, 0));
    };
    const wave = voice(3);
    const { scores } = await recognizer.recognize(wave);
    expect(Object.values(scores)).toBeAllClose(mean(wave), { rtol: 1e-5 });
    expect(Object.values(scores)).not.toBeAllClose(expectedScores(wave), { rtol: 1e-4 });
    for (const { start, end, scores } of await recognizer.timeline(wave, {
      windowSeconds: 1,
      hopSeconds: 1,
    })) {
      const samples = wave.samples.subarray(start * 16000, end * 16000);
      expect(Object.values(scores)).toBeAllClose(mean({ samples, sampleRate: 16000 }), { rtol: 1e-5 });
    }
    await recognizer.close();
  });

  it("takes what is the speaker's own off the scores, and learns the speaker as it listens", async () => {
    const reference = { utterances: 9, mean: [0.05, 0.1], deviation: [1, 1] };
    // A format 1 file without axes, as every file before them, adapts by the mean alone.
    const bytes = artifact({ reference, speakers: { shrinkage: 2 }, speeds: [1, 1.25] });
    const recognizer = await openRecognizer(bytes, { runtime: nodeRuntime(), ...options });
    const waves = [voice(2), changeSpeed(voice(2), 0.8)];
    const raw = waves.map((wave) => {
      const views = [1, 1.25].map((speed) => expectedScores(changeSpeed(wave, speed)));
      return [0, 1].map((k) => (views[0][k] + views[1][k]) / 2);
    });
    const logit = ([low, high]: readonly number[]): number => Math.log(high! / low!);
    const average = logit(graphScores(0.05, 0.1));
    let speaker = newSpeaker(recognizer.manifest);
    for (const [i, wave] of waves.entries()) {
      const prediction = await recognizer.recognize(wave, { speaker });
      const count = i + 1;
      expect(prediction.speaker!.heard).toHaveLength(count);
      expect(prediction.speaker!.heard[i]).toMatchObject({ marks: [] });
      expect(prediction.speaker!.heard[i].scores).toBeAllClose(raw[i], { rtol: 2e-5 });
      const mean = raw.slice(0, count).reduce((sum, scores) => sum + logit(scores) / count, 0);
      const expected = logit(raw[i]) - (count / (count + 2)) * (mean - average);
      expect(logit(Object.values(prediction.scores))).toBeAllClose(expected, { rtol: 1e-3, atol: 1e-4 });
      speaker = JSON.parse(JSON.stringify(prediction.speaker));
    }
    const [window] = await recognizer.timeline(waves[0], { windowSeconds: 2, hopSeconds: 2, speaker });
    expect(window!.scores).not.toEqual((await recognizer.recognize(waves[0])).scores);
    expect(window!.speaker).toBeUndefined();
    const silence = { samples: new Float32Array(16000), sampleRate: 16000 };
    expect((await recognizer.recognize(silence, { speaker })).speaker).toEqual(speaker);
    await expect(
      recognizer.recognize(waves[0], { speaker: { ...speaker, model: "another" } }),
    ).rejects.toMatchObject({ code: "features/mismatch" });
    await recognizer.close();
    const plain = await openRecognizer(artifact(), { runtime: nodeRuntime(), ...options });
    await expect(plain.recognize(waves[0], { speaker })).rejects.toMatchObject({
      code: "artifact/not-adaptable",
    });
    expect(() => newSpeaker(plain.manifest)).toThrow(
      expect.objectContaining({ code: "artifact/not-adaptable" }),
    );
    await plain.close();
  });

  it("hears recordings of a known speaker by their likeness, and keeps the latest of them", async () => {
    const speakers = { shrinkage: 2, axes: [{ scale: 0.1, steps: [127, -20] }] };
    const recognizer = await openRecognizer(artifact({ speakers }), { runtime: nodeRuntime(), ...options });
    const wave = voice(2);
    const { speaker: once } = await recognizer.recognize(wave, { speaker: newSpeaker(recognizer.manifest) });
    const [rms, crossings] = set.extract(wave).data as unknown as [number, number];
    expect(once!.heard[0].marks).toBeAllClose([0.1 * (127 * rms - 20 * crossings)], { rtol: 1e-4 });
    const many = { ...once!, heard: Array.from({ length: 300 }, () => once!.heard[0]) };
    const last = await recognizer.recognize(changeSpeed(wave, 0.8), { speaker: many });
    expect(last.speaker!.heard).toHaveLength(256);
    expect(last.speaker!.heard.at(-1)).not.toEqual(once!.heard[0]);
    const bare = { ...once!, heard: [{ ...once!.heard[0], marks: [] }] };
    await expect(recognizer.recognize(wave, { speaker: bare })).rejects.toMatchObject({
      code: "features/mismatch",
    });
    await recognizer.close();
  });

  /** Whatever varies between recordings is believed. */
  const collections = {
    of: "speakers" as const,
    spread: [[1000, 0]],
    axes: [
      { scale: 0.1, steps: [127, -20] },
      { scale: 0.1, steps: [10, 127] },
    ],
  };

  it("learns a collection as it listens, and says what it heard anew when all of it is known", async () => {
    const bytes = artifact({ collections, speakers: { shrinkage: 2 }, minConfidence: 0.5001 });
    const recognizer = await openRecognizer(bytes, { runtime: nodeRuntime(), ...options });
    const { manifest } = recognizer;
    const waves = [voice(2), changeSpeed(voice(2), 0.8), changeSpeed(voice(2), 1.2)];
    const raw = waves.map(expectedScores);
    const logit = ([low, high]: readonly number[]): number => Math.log(high! / low!);
    const known = (i: number, count: number): number => {
      const told = heard.slice(0, count).map((prediction) => prediction.heard!);
      return logit(learnCollection(told, collections, "collection").scoresOf(told[i]!));
    };
    let collection: CollectionProfile = newCollection(manifest);
    const heard: Prediction[] = [];
    for (const [i, wave] of waves.entries()) {
      const prediction = await recognizer.recognize(wave, { collection });
      heard.push(prediction);
      expect(logit(Object.values(prediction.scores))).toBeAllClose(known(i, i + 1), { atol: 1e-3 });
      expect(prediction.adapted).toEqual(i < 2 ? undefined : { to: "collection", by: i + 1 });
      expect(prediction.heard!.scores).toBeAllClose(raw[i], { rtol: 1e-5 });
      collection = JSON.parse(JSON.stringify(prediction.collection));
    }
    // One recording says nothing of its collection, three do.
    expect(known(2, 3)).not.toBeAllClose(logit(raw[2]), { rtol: 1e-3 });
    const { scores, label, reason } = await recognizer.recognize(waves[0]);
    expect(heard[0]).toMatchObject({ scores, label });
    expect(heard[0].reason).toBe(reason);
    const silence = { samples: new Float32Array(16000), sampleRate: 16000 };
    const silent = await recognizer.recognize(silence, { collection });
    expect(silent).toMatchObject({ label: null, reason: "no-speech", collection });

    const { by, trust, recordings } = adaptToCollection(
      [...heard, silent].map((whole) => ({ whole, timeline: [] })),
      manifest,
    );
    expect([by, trust]).toEqual([3, 3 / 7]);
    expect(recordings[3].whole).toEqual(silent);
    for (const [i, { whole }] of recordings.slice(0, 3).entries()) {
      expect(logit(Object.values(whole!.scores))).toBeAllClose(known(i, 3), { atol: 1e-3 });
      expect(whole!.adapted).toEqual({ to: "collection", by: 3 });
    }

    // Of a speaker and a collection that are both known, the speaker's tells more.
    const speaker = newSpeaker(manifest);
    const both = await recognizer.recognize(waves[0], { speaker, collection });
    expect(both.adapted).toEqual({ to: "speaker", by: 1 });
    expect(both.scores).toEqual((await recognizer.recognize(waves[0], { speaker })).scores);
    expect(both.collection!.heard).toHaveLength(4);
    expect(adaptToCollection([{ whole: both, timeline: [] }], manifest).recordings[0].whole).toEqual(both);

    // A speaker of whom nothing is believed leaves the word to the collection: here a model that learns speakers as collections do.
    const several = await openRecognizer(artifact({ collections: { ...collections, of: "corpora" } }), {
      runtime: nodeRuntime(),
      ...options,
    });
    const unknown = newSpeaker(several.manifest);
    const ofFolder = { ...collection, model: several.manifest.checksum };
    const left = await several.recognize(waves[0], { speaker: unknown, collection: ofFolder });
    const alone = await several.recognize(waves[0], { collection: ofFolder });
    expect(left.adapted).toEqual({ to: "collection", by: 4 });
    expect(left.scores).toEqual(alone.scores);
    const first = await several.recognize(waves[0], { speaker: unknown });
    expect(first).not.toHaveProperty("adapted");
    await several.close();

    await expect(
      recognizer.recognize(waves[0], { collection: { ...collection, model: "another" } }),
    ).rejects.toMatchObject({ code: "features/mismatch" });
    await recognizer.close();
    const plain = await openRecognizer(artifact(), { runtime: nodeRuntime(), ...options });
    await expect(plain.timeline(waves[0], { collection: "windows" })).rejects.toMatchObject({
      code: "artifact/not-adaptable",
    });
    await plain.close();
  });

  it("takes the windows heard so far for a collection, side by side", async () => {
    const recognizer = await openRecognizer(artifact({ collections }), {
      runtime: nodeRuntime(),
      ...options,
    });
    const grid = { windowSeconds: 1, hopSeconds: 0.5 };
    const wave = voice(4);
    const [plain, known] = [
      await recognizer.timeline(wave, grid),
      await recognizer.timeline(wave, { ...grid, collection: "windows" }),
    ];
    expect(known.map(({ adapted }) => adapted?.by ?? 0)).toEqual([0, 0, 0, 0, 3, 3, 4]);
    expect(known[1].scores).toEqual(plain[1].scores);
    expect(known[6].scores).not.toEqual(plain[6].scores);
    expect(known.map(({ heard }) => heard!.scores)).toEqual(plain.map(({ scores }) => Object.values(scores)));
    // All windows of a long recording, once it is heard to its end.
    const [all] = adaptToCollection([{ timeline: known }], recognizer.manifest).recordings;
    expect(new Set(all.timeline.map(({ adapted }) => adapted!.by))).toEqual(new Set([4]));
    expect(all.timeline[6].scores.high).toBeAllClose(known[6].scores.high, { rtol: 1e-4 });
    // A collection that is known otherwise: windows add nothing to it.
    const { collection } = await recognizer.recognize(wave, {
      collection: newCollection(recognizer.manifest),
    });
    const fixed = await recognizer.timeline(wave, { ...grid, collection });
    expect(fixed.map(({ scores }) => scores)).toEqual(plain.map(({ scores }) => scores));
    await recognizer.close();
  });

  it("refuses bad audio", async () => {
    const recognizer = await openRecognizer(artifact(), { runtime: nodeRuntime(), ...options });
    const cases: [Waveform, string][] = [
      [{ samples: new Float32Array(), sampleRate: 16000 }, "audio/empty"],
      [{ samples: Float32Array.of(0, Number.NaN), sampleRate: 16000 }, "audio/not-finite"],
      [{ samples: Float32Array.of(0, 1), sampleRate: 0 }, "audio/bad-sample-rate"],
      [{ samples: Float32Array.of(0, 1), sampleRate: 44.1 }, "audio/bad-sample-rate"],
    ];
    for (const [wave, code] of cases) {
      await expect(recognizer.recognize(wave)).rejects.toMatchObject({ code });
      await expect(recognizer.timeline(wave)).rejects.toMatchObject({ code });
    }
    await recognizer.close();
  });
});
