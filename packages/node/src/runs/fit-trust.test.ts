/** An artifact's limits, fitted on the shipped feature table: what is not speech is unfamiliar, and risk keeps to what was asked. */

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outOfDistribution, readArtifact } from "@undertone/core/artifact";
import type { Waveform } from "@undertone/core/audio";
import { takeUtterances } from "@undertone/core/data";
import type { EvaluationResult } from "@undertone/core/evaluate";
import { featureSet } from "@undertone/core/features";
import { random } from "@undertone/core/math";
import { fitTrust } from "@undertone/core/train";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { evaluateData } from "./evaluate-run.js";
import { type LoadedData, loadData } from "./load-data.js";
import { trainData } from "./train-run.js";

const plan = { model: { kind: "logistic-regression", params: { C: 0.01 } }, folds: "table", seed: 1 };
const sampleRate = 16000;

/** Sounds that are not speech, three seconds each. */
const sounds: Record<string, (t: number) => number> = {
  "white noise": (() => {
    const stream = random(1);
    return () => 0.1 * stream.normal();
  })(),
  tone: (t) => 0.2 * Math.sin(2 * Math.PI * 440 * t),
  buzz: (t) =>
    [1, 2, 3, 4, 5, 6].reduce((sum, k) => sum + (0.1 * Math.sin(2 * Math.PI * 150 * k * t)) / k, 0),
  chord: (t) => [220, 277, 330].reduce((sum, hz) => sum + 0.1 * Math.sin(2 * Math.PI * hz * t), 0),
  melody(t) {
    const hz = [262, 294, 330, 349, 392, 440, 494, 523][Math.floor(4 * t) % 8];
    const fade = Math.exp(-3 * ((4 * t) % 1));
    return 0.2 * fade * [1, 2, 3, 4].reduce((sum, k) => sum + Math.sin(2 * Math.PI * k * hz * t) / k, 0);
  },
};

describe("fitTrust", () => {
  let data: LoadedData;
  let trust: ReturnType<typeof fitTrust>;
  let result: EvaluationResult;
  beforeAll(async () => {
    const all = await loadData({ data: [], table: join(root, "data/ravdess-seed-v1.parquet") }, "seed-v1");
    // A third of the clips of every speaker, which is quick.
    data = {
      ...all,
      table: takeUtterances(
        all.table,
        [...all.table.ids.keys()].filter((i) => i % 3 === 0),
      ),
    };
    result = (await evaluateData(data, plan)).classes!;
    trust = fitTrust(result, data, { calibration: "temperature", maxRisk: 0.3, seed: 1 });
  });

  it.each(Object.entries(sounds))("%s is unfamiliar", async (_, at) => {
    const wave: Waveform = {
      samples: Float32Array.from({ length: 3 * sampleRate }, (__, i) => at(i / sampleRate)),
      sampleRate,
    };
    const row = await featureSet("seed-v1").extract(wave);
    expect(outOfDistribution(row.data, trust.outOfDistribution!, trust.reference)).toBeGreaterThan(0.99);
  });
  it("recordings that it was fitted on are familiar", () => {
    const { data: values, cols, rows } = data.table.frames;
    let strange = 0;
    for (let i = 0; i < rows; i++) {
      const row = values.subarray(i * cols, (i + 1) * cols);
      if (outOfDistribution(row, trust.outOfDistribution!, trust.reference) > 0.99) strange++;
    }
    expect(strange / rows).toBeLessThan(0.01);
  });
  it("answers as many as the risk allows", () => {
    const { risk, coverage, minConfidence } = trust.abstention!;
    expect(risk).toBeLessThanOrEqual(0.3);
    expect(risk).toBeGreaterThan(0.25);
    expect(coverage).toBeGreaterThan(0.4);
    expect(trust.minConfidence).toBe(minConfidence);
    const certain = result.predictions.map((one) => ({
      ...one,
      scores: one.scores.map(() => 1 / 8),
      predicted: "calm",
      truth: "sad",
    }));
    const hopeless = { ...result, predictions: certain };
    expect(() => fitTrust(hopeless, data, { calibration: "none", maxRisk: 0.1, seed: 1 })).toThrow(
      expect.objectContaining({ code: "learn/risk-out-of-reach" }),
    );
  });
  it("stands in the artifact that training writes", async () => {
    const out = join(mkdtempSync(join(tmpdir(), "undertone-trust-")), "model.onnx");
    const run = await trainData(data, { ...plan, maxRisk: 0.3, calibration: "platt" }, { out });
    const { manifest } = readArtifact(new Uint8Array(readFileSync(out)));
    expect(manifest.calibration.kind).toBe("platt");
    expect(manifest.minConfidence).toBe(run.abstention!.minConfidence);
    expect(manifest.conformal!.level).toBe(0.9);
    expect(manifest.outOfDistribution).toEqual(JSON.parse(JSON.stringify(trust.outOfDistribution)));
    expect(run.classes!.trust.calibration).toBe("platt");
  });
});
