/** The exact results of the committed recipes, calibration and all: what the net keeps of the document of `evaluate --recipe F --json`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EvaluationResult } from "undertone";
import { encoderRecords } from "../../packages/node/src/encoders/encoder-store.js";
import { corpora, root } from "../corpora.js";
import { runProgram } from "./run-program.js";

const kept = new Set((await encoderRecords()).map(({ sha256 }) => sha256));

/** The names of the recipes, without their ending; those for encoders that this machine has not are left out. */
export const recipeNames = readdirSync(join(root, "recipes"))
  .filter((name) => name.endsWith(".json") && !name.endsWith(".schema.json"))
  .map((name) => name.replace(/\.json$/, ""))
  .filter((name) => {
    const { features } = JSON.parse(readFileSync(join(root, "recipes", `${name}.json`), "utf8"));
    return [...features.matchAll(/encoder:[^:]+:([0-9a-f]{64})/g)].every(([, sha256]) => kept.has(sha256));
  });

/** Those that take minutes even when the features are in the cache; the tests repeat them exactly with UNDERTONE_ALL_RECIPES=1 only. */
export const longRecipes = [
  "ravdess-best-adapted",
  "ravdess-large",
  "ravdess-robust",
  "ravdess-to-tess-adapted",
  "strangers",
  "strangers-adapted",
  "strangers-default",
  "strangers-large",
  "strangers-speakers",
  "tess-to-ravdess-adapted",
];

/** Of the predictions, one in so many is kept; the measures are of all of them. */
const everyPrediction = 97;

/** Resolves to what is kept of a recipe's result. @throws Error with what the program said, also where the recipe misses its own bar. */
export async function recipeResult(name: string): Promise<object> {
  const path = join(root, "recipes", `${name}.json`);
  const { corpus } = JSON.parse(readFileSync(path, "utf8")) as { corpus: string };
  const data = corpus.split("+").flatMap((one) => ["--data", join(corpora!, one)]);
  return golden((await runProgram(["evaluate", "--recipe", path, ...data], root)) as EvaluationResult);
}

/** Returns the numbers of a result, without curves, most of the predictions, and the words of the protocol. */
function golden(result: EvaluationResult): object {
  const { protocol, perClass, perSpeaker, trust, predictions, ...rest } = result;
  const { summary: _, model: __, ...facts } = protocol;
  const { curve: ___, ...riskCoverage } = trust.riskCoverage;
  return {
    ...rest,
    protocol: facts,
    perClass: perClass.map(({ roc: _, ...measures }) => measures),
    perSpeaker: perSpeaker.map(({ attributes: _, ...measures }) => measures),
    trust: { ...trust, riskCoverage },
    predictions: predictions
      .filter((_, i) => i % everyPrediction === 0)
      .map(({ id, predicted, scores }) => ({ id, predicted, scores })),
  };
}
