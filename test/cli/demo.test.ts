/** The demo: the main job on the table that ships, from any folder. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRecipe } from "../../packages/node/src/runs/recipe.js";
import { readTable } from "../../packages/node/src/runs/table-file.js";
import { root } from "../corpora.js";
import { runUndertone, temporaryFolder } from "./run-undertone.js";

describe("the demo", () => {
  it("reaches the recipe's result on unseen speakers and writes artifact and report", async () => {
    const cwd = temporaryFolder();
    const outcome = await runUndertone(["demo", "--json"], { cwd });
    expect(outcome.code).toBe(0);
    const { evaluation, artifact } = JSON.parse(outcome.stdout);
    const recipe = await readRecipe(join(root, "recipes/ravdess.json"));
    expect(evaluation.uar).toBeGreaterThanOrEqual(recipe.expected.uar!.min!);
    expect(evaluation.protocol).toMatchObject({ utterances: 1440, speakers: 24, speakerIndependent: true });
    expect(evaluation.leaks).toEqual([]);
    expect(readdirSync(join(cwd, "out")).sort()).toEqual(["ravdess.html", "ravdess.md", "ravdess.onnx"]);
    const clip = join(root, "examples/clips/03-01-05-02-01-01-16.flac");
    const predicted = await runUndertone(["predict", clip, "--model", artifact, "--json"], { cwd });
    expect(JSON.parse(predicted.stdout).predictions[0].label).toBe("angry");
  });

  it("has a table of all 1440 utterances in six folds of four speakers, below 4 MB", async () => {
    const path = join(root, "data/ravdess-seed-v1.parquet");
    expect(statSync(path).size).toBeLessThan(4e6);
    const { dataset, folds, featureSet } = await readTable(path);
    expect(featureSet).toBe("seed-v1");
    expect(dataset.utterances).toHaveLength(1440);
    const speakers = new Map<string, Set<string>>();
    for (const { id, speaker } of dataset.utterances) {
      const fold = folds!.get(id)!;
      speakers.set(fold, (speakers.get(fold) ?? new Set()).add(speaker));
    }
    expect([...speakers.values()].map((set) => set.size)).toEqual([4, 4, 4, 4, 4, 4]);
    expect(new Set([...speakers.values()].flatMap((set) => [...set])).size).toBe(24);
  });
});
