/** What the stand-alone export of an artifact whose features come from a network alone says of fixed waves. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeArtifact } from "@undertone/core/artifact";
import { anyFeatureSet } from "@undertone/core/features";
import { random } from "@undertone/core/math";
import { graphBuilder } from "@undertone/core/onnx";
import { exportModel } from "../../packages/node/src/cli/commands/export.js";
import { nodeRuntime } from "../../packages/node/src/runtime/node-runtime.js";
import { runCommand } from "../cli/run-command.js";
import { vowel } from "../cli/synthetic-audio.js";
import { exampleClip } from "../golden/signals.js";

/** Returns an artifact with all that an export has to put together: a network, speeds, a scaler, a head and a calibration. */
export function networkArtifact(): Uint8Array {
  const featureSet = anyFeatureSet("speech-embedding-v1");
  const width = featureSet.names.length;
  const classes = ["calm", "happy", "sad"];
  const chance = random("net");
  const mean = Float32Array.from({ length: width }, () => chance.normal() / 4);
  const scale = mean.map(() => 0.1 + 0.1 * chance.next());
  const weights = Float32Array.from(
    { length: width * classes.length },
    () => (4 * chance.normal()) / Math.sqrt(width),
  );
  const graph = graphBuilder();
  const input = graph.input("features", ["N", width]);
  const centred = graph.node("Sub", [input, graph.constant("mean", [width], mean)]);
  const scaled = graph.node("Mul", [centred, graph.constant("scale", [width], scale)]);
  const sums = graph.node("MatMul", [scaled, graph.constant("weights", [width, classes.length], weights)]);
  graph.output("scores", graph.node("Softmax", [sums]), ["N", classes.length]);
  return writeArtifact(graph.toBytes(), {
    name: "network",
    created: "2026-01-01T00:00:00.000Z",
    undertone: "0.1.0",
    featureSet,
    speeds: [0.9, 1, 1.1],
    labelMap: { id: "three", classes, words: {} },
    model: { kind: "logistic-regression", params: {} },
    calibration: { kind: "temperature", temperature: 0.7 },
    reference: { utterances: 2, mean: Array.from(mean), deviation: Array.from(scale, (s) => 1 / s) },
    training: { dataset: "none", utterances: 2, speakers: 2 },
    evaluation: null,
    card: { licence: "MIT", data: "none", intendedUse: "tests", limits: "no decisions", citation: "none" },
  });
}

/** Returns what the command says of the exported graph, and the graph's outputs for a synthetic vowel and an example clip. */
export async function standaloneOutputs(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), "undertone-net-"));
  try {
    const [model, out] = ["model.onnx", "standalone.onnx"].map((name) => join(folder, name)) as [
      string,
      string,
    ];
    writeFileSync(model, networkArtifact());
    const { document } = await runCommand(exportModel, [model, "--standalone", "--out", out]);
    const { classes, input, encoders } = document;
    const session = await nodeRuntime().load(readFileSync(out));
    const run = async (samples: Float32Array): Promise<object> => {
      const outputs = await session.run({ waveform: { dims: [1, samples.length], data: samples } });
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { dims, data }]) => [
          name,
          { dims, data: Array.from(data as Float32Array) },
        ]),
      );
    };
    try {
      return {
        classes,
        input,
        encoders,
        vowel: await run(vowel({ f0Hz: 180, formantsHz: [600, 1400, 2500], seconds: 1.7 })),
        "03-01-05-02-01-01-16.flac": await run(await exampleClip("03-01-05-02-01-01-16.flac")),
      };
    } finally {
      await session.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
