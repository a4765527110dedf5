/**
 * The recipes that take long, repeated on the corpora in a short form, and the shipped table against the recordings that it was made from. The
 * net (test/net) repeats all recipes as they are, those that take long with UNDERTONE_ALL_RECIPES=1.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readRecipe } from "../../packages/node/src/runs/recipe.js";
import { corpora, root } from "../corpora.js";
import { longRecipes, recipeNames } from "../net/recipes.js";
import { runUndertone, temporaryFolder } from "./run-undertone.js";

/** Returns the path of a recipe without its calibration, which takes most of the time of those that adapt and has no part in UAR. */
function shortForm(name: string): string {
  const { calibration: _, ...fields } = JSON.parse(readFileSync(recipePath(name), "utf8"));
  const file = fields.folds.endsWith(".json");
  const short = join(temporaryFolder(), `${name}.json`);
  writeFileSync(
    short,
    JSON.stringify({ ...fields, folds: file ? resolve(root, "recipes", fields.folds) : fields.folds }),
  );
  return short;
}

function recipePath(name: string): string {
  return join(root, "recipes", `${name}.json`);
}

/** Whether a recipe has a temperature, which moves no answer; other calibrations have a part in the UAR. */
function hasTemperature(name: string): boolean {
  return JSON.parse(readFileSync(recipePath(name), "utf8")).calibration === "temperature";
}

async function reach(name: string): Promise<void> {
  const path = shortForm(name);
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
}

describe.skipIf(!corpora)("recipes (need the corpora, see UNDERTONE_CORPORA)", () => {
  it.each(longRecipes.filter((name) => recipeNames.includes(name) && hasTemperature(name)))(
    "%s reaches its result in a short form",
    reach,
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
