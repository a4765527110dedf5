/** The committed recipes, repeated on the corpora, and the shipped table against the recordings that it was made from. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRecipe } from "../../packages/node/src/runs/recipe.js";
import { corpora, root } from "../corpora.js";
import { runUndertone } from "./run-undertone.js";

const recipes = readdirSync(join(root, "recipes")).filter(
  (name) => name.endsWith(".json") && !name.endsWith(".schema.json"),
);

describe.skipIf(!corpora)("recipes (need the corpora, see UNDERTONE_CORPORA)", () => {
  it.each(recipes)(
    "%s reaches its result",
    async (name) => {
      const path = join(root, "recipes", name);
      const { corpus } = await readRecipe(path);
      const outcome = await runUndertone([
        "evaluate",
        "--recipe",
        path,
        ...corpus.split("+").flatMap((one) => ["--data", join(corpora!, one)]),
        "--json",
      ]);
      expect(outcome.stderr).not.toContain("recipe/result-missed");
      expect(outcome.code).toBe(0);
    },
    1_800_000,
  );

  it("the shipped table scores within 0.2 points of full precision", async () => {
    const common = [
      "evaluate",
      "--features",
      "seed-v1",
      "--model",
      "logistic-regression",
      "--param",
      "C=0.01",
      "--json",
    ];
    const [full, shipped] = await Promise.all([
      runUndertone([
        ...common,
        "--data",
        join(corpora!, "ravdess"),
        "--folds",
        join(root, "data/folds/ravdess.json"),
      ]),
      runUndertone([...common, "--table", join(root, "data/ravdess-seed-v1.parquet")]),
    ]);
    expect(Math.abs(JSON.parse(full.stdout).uar - JSON.parse(shipped.stdout).uar)).toBeLessThan(0.002);
  });
});
