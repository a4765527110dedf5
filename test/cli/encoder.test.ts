/** Encoder files by the command line: added from a package, used for features, and found again in the package by an artifact. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeArtifact } from "@undertone/core/artifact";
import { anyFeatureSet } from "@undertone/core/features";
import { graphBuilder } from "@undertone/core/onnx";
import { describe, expect, it } from "vitest";
import { root } from "../corpora.js";
import { tinyEncoder } from "../tiny-encoder.js";
import { runUndertone, temporaryFolder } from "./run-undertone.js";

const clip = join(root, "examples/clips/03-01-05-02-01-01-16.flac");

describe("an encoder of an npm package", () => {
  it("is added with the package's licence, gives features, and is loaded from the dependency", async () => {
    const cwd = temporaryFolder();
    const folder = join(cwd, "node_modules/tiny-encoder");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "model.onnx"), tinyEncoder());
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name: "tiny-encoder", version: "1.2.3", license: "Apache-2.0" }),
    );
    const env = { UNDERTONE_CACHE: join(cwd, "cache") };
    const added = await runUndertone(
      ["encoder", "add", "npm:tiny-encoder/model.onnx", "--name", "tiny", "--json"],
      { cwd, env },
    );
    expect(added.code).toBe(0);
    const { id, layers, source, licence, sha256 } = JSON.parse(added.stdout);
    expect({ layers, source, licence }).toEqual({
      layers: [1, 2, 3],
      source: "npm:tiny-encoder@1.2.3/model.onnx",
      licence: "Apache-2.0",
    });

    const again = await runUndertone(["encoder", "add", "npm:tiny-encoder/model.onnx"], { cwd, env });
    expect(again.stdout).toContain("tiny: kept already, ");

    const features = await runUndertone(["features", clip, "--set", "encoder:tiny", "--json"], { cwd, env });
    expect(JSON.parse(features.stdout).featureSet).toBe(id);

    const { names, sampleRate } = anyFeatureSet(id);
    const rows = Array.from({ length: 16 }, (_, i) => ({
      ...{ id: `u${i}`, speaker: `s${i % 4}`, label: i < 8 ? "calm" : "angry" },
      features: names.map((_, j) => Math.sin(i * (j + 1))),
    }));
    writeFileSync(join(cwd, "table.json"), JSON.stringify({ featureSet: id, names, rows }));
    const searched = await runUndertone(
      [
        ...["search", "--table", "table.json", "--features", "encoder:tiny", "--out", "best.json"],
        ...["--model", "gaussian-naive-bayes", "--grid", "smoothing=1e-9", "--inner", "2", "--threads", "1"],
      ],
      { cwd, env },
    );
    expect(searched.code, searched.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, "best.json"), "utf8")).features).toBe(id);
    const graph = graphBuilder();
    const weights = graph.constant(
      "w",
      [names.length, 2],
      Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    );
    const sums = graph.node("MatMul", [graph.input("features", ["N", names.length]), weights]);
    graph.output("scores", graph.node("Softmax", [sums]), ["N", 2]);
    const artifact = writeArtifact(graph.toBytes(), {
      name: "tiny",
      created: "2026-01-01T00:00:00.000Z",
      undertone: "0.1.0",
      featureSet: { id, names, sampleRate, files: [{ name: "tiny", sha256, licence, source }] },
      labelMap: { id: "two", classes: ["calm", "angry"], words: {} },
      model: { kind: "logistic-regression", params: {} },
      reference: { utterances: 2, mean: new Array(12).fill(0), deviation: new Array(12).fill(1) },
      training: { dataset: "none", utterances: 2, speakers: 2 },
      evaluation: null,
      card: { licence: "MIT", data: "none", intendedUse: "tests", limits: "all", citation: "none" },
    });
    writeFileSync(join(cwd, "model.onnx"), artifact);
    const elsewhere = { cwd, env: { UNDERTONE_CACHE: join(cwd, "empty") } };
    const heard = await runUndertone(["predict", clip, "--model", "model.onnx", "--json"], elsewhere);
    expect(heard.code).toBe(0);
    expect(Object.keys(JSON.parse(heard.stdout).predictions[0].scores)).toEqual(["calm", "angry"]);
    expect(readdirSync(cwd)).not.toContain("empty");

    writeFileSync(join(folder, "model.onnx"), tinyEncoder({ hiddenStates: true }));
    const changed = await runUndertone(["predict", clip, "--model", "model.onnx"], elsewhere);
    expect(changed.code).toBe(1);
    expect(changed.stderr).toContain("features/encoder-mismatch");
    writeFileSync(join(cwd, "copy.onnx"), tinyEncoder());
    const given = await runUndertone(
      ["predict", clip, "--model", "model.onnx", "--encoder", "copy.onnx", "--json"],
      elsewhere,
    );
    expect(JSON.parse(given.stdout)).toEqual(JSON.parse(heard.stdout));
  });
});
