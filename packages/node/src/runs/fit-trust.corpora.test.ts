/** Trust in the model of the shipped table, measured on all of RAVDESS and on recordings from elsewhere. */
import { join } from "node:path";
import { outOfDistribution } from "@undertone/core/artifact";
import type { EvaluationResult } from "@undertone/core/evaluate";
import { fitTrust } from "@undertone/core/train";
import { beforeAll, describe, expect, it } from "vitest";
import { corpus, root } from "../../../../test/corpora.js";
import { evaluateData } from "./evaluate-run.js";
import { loadData } from "./load-data.js";

const plan = { model: { kind: "logistic-regression", params: { C: 0.01 } }, folds: "table", seed: 1 };

describe.skipIf(!corpus("tess"))("trust, RAVDESS and TESS (UNDERTONE_CORPORA/tess)", () => {
  let result: EvaluationResult;
  let trust: ReturnType<typeof fitTrust>;
  beforeAll(async () => {
    const data = await loadData({ data: [], table: join(root, "data/ravdess-seed-v1.parquet") }, "seed-v1");
    result = (await evaluateData(data, plan)).classes!;
    trust = fitTrust(result, data, { calibration: "temperature", seed: 1 });
  });

  it("the calibration error on unseen speakers is at most 0.05, and sets keep their promise", () => {
    const { calibrations, conformal } = result.trust;
    expect(calibrations.find(({ kind }) => kind === "temperature")!.ece).toBeLessThanOrEqual(0.05);
    for (const { level, coverage } of conformal)
      expect(coverage).toBeAllClose(level, { rtol: 0, atol: 0.02 });
  });
  it("most of another corpus is stranger than half of RAVDESS, and much of it is unfamiliar", async () => {
    const { table } = await loadData({ data: [corpus("tess")!] }, "seed-v1");
    const { data, cols, rows } = table.frames;
    const scores = Array.from({ length: rows }, (_, i) =>
      outOfDistribution(data.subarray(i * cols, (i + 1) * cols), trust.outOfDistribution!, trust.reference),
    );
    expect(scores.filter((score) => score > 0.5).length / rows).toBeGreaterThan(0.9);
    expect(scores.filter((score) => score > 0.99).length / rows).toBeGreaterThan(0.3);
  });
});
