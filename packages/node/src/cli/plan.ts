/** Turns flags, or a recipe and flags, into the plan of a run. */
import { UndertoneError } from "@undertone/core";
import type { EvaluationPlan } from "../runs/evaluate-run.js";
import type { Recipe } from "../runs/recipe.js";
import type { CommandContext } from "./command.js";
import {
  listFlag,
  parseAdapt,
  parseParameters,
  parsePrepare,
  parseSpeeds,
  partFlag,
  seedFlag,
  textFlag,
} from "./flags.js";

/** What a recipe settles, and flags therefore may not. */
const settledByRecipe = [
  "features",
  "model",
  "param",
  "prepare",
  "attributes",
  "folds",
  "group",
  "train-speeds",
  "test-speeds",
  "adapt",
  "label-map",
  "corpus",
  "seed",
  "allow-leak",
  "calibration",
  "max-risk",
];

/**
 * Returns the plan of a run: a recipe's when one is given, otherwise that of the flags.
 * @throws UndertoneError `usage/missing` or `usage/bad-value`.
 */
export function planFromFlags(
  command: string,
  { flags }: CommandContext,
  recipe: Recipe | undefined,
  defaultFolds?: string,
): EvaluationPlan {
  const data = listFlag(flags, "data");
  const table = textFlag(flags, "table");
  if (data.length === 0 && table === undefined) {
    throw new UndertoneError(
      "usage/missing",
      `Missing --data of '${command}', expected the folder of a corpus, a manifest, or --table FILE`,
    );
  }
  if (data.length > 0 && table !== undefined) {
    throw new UndertoneError("usage/bad-value", "Got both --data and --table, expected one of them");
  }
  const source = {
    data,
    ...(table === undefined ? {} : { table }),
    skipBroken: flags["skip-broken"] === true,
  };
  if (recipe) {
    const clash = settledByRecipe.find((name) => flags[name] !== undefined);
    if (clash)
      throw new UndertoneError(
        "usage/bad-value",
        `Got both --recipe and --${clash}, which the recipe settles`,
      );
    return {
      ...source,
      // The folders of several corpora are recognized one by one.
      ...(recipe.corpus.includes("+") ? {} : { corpus: recipe.corpus }),
      labelMap: recipe.labelMap,
      features: recipe.features,
      model: recipe.model,
      ...(recipe.speeds ? { speeds: recipe.speeds } : {}),
      ...(recipe.copies ? { copies: recipe.copies } : {}),
      ...(recipe.adapt === undefined ? {} : { adapt: parseAdapt(recipe.adapt) }),
      folds: recipe.folds,
      ...(recipe.group ? { group: recipe.group } : {}),
      ...(recipe.calibration ? { calibration: recipe.calibration } : {}),
      ...(recipe.maxRisk === undefined ? {} : { maxRisk: recipe.maxRisk }),
      seed: recipe.seed,
      allowLeak: recipe.allowLeak,
    };
  }
  const kind = textFlag(flags, "model");
  if (kind === undefined) {
    throw new UndertoneError(
      "usage/missing",
      `Missing --model of '${command}', expected the kind of an estimator, such as logistic-regression`,
    );
  }
  const features = textFlag(flags, "features");
  if (features === undefined && table === undefined) {
    throw new UndertoneError(
      "usage/missing",
      `Missing --features of '${command}', expected the id of a feature set, such as seed-v1`,
    );
  }
  const folds = textFlag(flags, "folds") ?? defaultFolds;
  if (folds === undefined) {
    throw new UndertoneError(
      "usage/missing",
      `Missing --folds of '${command}', expected loso, speaker:K, sentence:K, random:K or a fold file`,
    );
  }
  const group = textFlag(flags, "group") as "speaker" | "sentence" | "both" | undefined;
  const calibration = textFlag(flags, "calibration");
  const maxRisk = partFlag(flags, "max-risk");
  const corpus = textFlag(flags, "corpus");
  const labelMap = textFlag(flags, "label-map");
  const speeds = parseSpeeds(flags);
  const attributes = textFlag(flags, "attributes")?.split(",");
  const adapt = textFlag(flags, "adapt");
  return {
    ...source,
    ...(corpus === undefined ? {} : { corpus }),
    ...(labelMap === undefined ? {} : { labelMap }),
    ...(features === undefined ? {} : { features }),
    model: { kind, params: parseParameters(listFlag(flags, "param")), ...parsePrepare(flags) },
    ...(speeds ? { speeds } : {}),
    ...(attributes ? { attributes } : {}),
    ...(adapt === undefined ? {} : { adapt: parseAdapt(adapt) }),
    folds,
    ...(group === undefined ? {} : { group }),
    ...(calibration === undefined ? {} : { calibration }),
    ...(maxRisk === undefined ? {} : { maxRisk }),
    seed: seedFlag(flags),
    allowLeak: listFlag(flags, "allow-leak"),
  };
}
