/** The committed recipes, repeated on the corpora, and the shipped table against the recordings that it was made from. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readRecipe } from "../../packages/node/src/runs/recipe.js";
import { corpora, root } from "../corpora.js";
import { runUndertone, temporaryFolder } from "./run-undertone.js";

const recipes = readdirSync(join(root, "recipes")).filter(
  (name) => name.endsWith(".json") && !name.endsWith(".schema.json"),
);

/** Many minutes each; `npm run measure` repeats them, and so do the tests with UNDERTONE_ALL_RECIPES=1. */
const longest = ["ravdess-best-adapted.json", "ravdess-robust.json"];

/** Returns the path of a recipe without its calibration, which takes most of the time of those that adapt and has no part in UAR. */
function shortForm(name: string): string {
  const path = join(root, "recipes", name);
  const { calibration, ...fields } = JSON.parse(readFileSync(path, "utf8"));
  if (calibration === undefined) return path;
  const file = fields.folds.endsWith(".json");
  const short = join(temporaryFolder(), name);
  writeFileSync(
    short,
    JSON.stringify({ ...fields, folds: file ? resolve(root, "recipes", fields.folds) : fields.folds }),
  );
  return short;
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
  it.skipIf(process.env.UNDERTONE_ALL_RECIPES === undefined).each(longest)(
    "%s reaches its result",
    reach,
    1_800_000,
  );
  it.each(recipes.filter((name) => !longest.includes(name)))("%s reaches its result", reach, 1_800_000);

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
