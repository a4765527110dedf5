/** A recipe: one file that determines a run, with the result that it must reach. */

import { dirname, resolve } from "node:path";
import {
  augment,
  augmentations,
  type CopyChain,
  calibrationKinds,
  drawCopy,
  type EvaluationResult,
  random,
  speedLimits,
  UndertoneError,
} from "@undertone/core";
import { z } from "zod";
import { readInput } from "../io/read-input.js";

const measures = ["uar", "accuracy", "f1Macro", "rocAuc"] as const;

const speedList = z.array(z.number().min(speedLimits.slowest).max(speedLimits.fastest)).min(1);

/** A step of `augment` without recordings; a number may be a range. */
const drawnStep = z
  .object({ kind: z.enum(augmentations.map(({ kind }) => kind).filter((kind) => kind !== "recorded-noise")) })
  .catchall(z.union([z.number(), z.string(), z.tuple([z.number(), z.number()])]))
  .describe("such as noise with its parameters, a number or the lowest and highest to draw from");

/** Refuses a chain whose steps do not take their numbers, at either end of the ranges. */
function tryChain(chain: CopyChain, context: { addIssue(message: string): void }): void {
  for (const end of [0, 1]) {
    const steps = chain.map((step) =>
      Object.fromEntries(
        Object.entries(step).map(([name, value]) => [name, Array.isArray(value) ? value[end] : value]),
      ),
    ) as unknown as CopyChain;
    try {
      augment({ samples: new Float32Array(1600), sampleRate: 16000 }, drawCopy([steps], random("try")), {
        random: random("try"),
      });
    } catch (error) {
      context.addIssue((error as Error).message);
      return;
    }
  }
}

/** The shape of a recipe file; `recipes/recipe.schema.json` is made from it. */
export const recipeSchema = z
  .strictObject({
    $schema: z.string().optional().describe("where the JSON Schema is, for editors"),
    format: z.literal(1).describe("version of the recipe format"),
    title: z.string().min(1).describe("one line for people"),
    note: z.string().optional().describe("what the result means and what it does not"),
    corpus: z
      .string()
      .min(1)
      .describe("id of the corpus, such as ravdess; joined with + for several, each a folder of its own"),
    labelMap: z.string().min(1).describe("id of the label map, such as ravdess-8"),
    features: z.string().min(1).describe("id of the feature set, such as seed-v1"),
    model: z
      .strictObject({
        kind: z.string().min(1).describe("such as logistic-regression"),
        params: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
          .default({})
          .describe("hyper-parameters; the others keep their defaults"),
        prepare: z
          .array(z.string().min(1))
          .optional()
          .describe("steps of preparation before it, such as median-impute or select-anova:k=200"),
      })
      .describe("the estimator"),
    speeds: z
      .strictObject({
        train: speedList.describe(
          "one copy of each training utterance for each speed; no test utterance is copied",
        ),
        test: speedList.describe("scores are averaged over these speeds, in the artifact too"),
      })
      .optional()
      .describe("how fast recordings are played, pitch and tempo together; as they are when left out"),
    copies: z
      .array(z.array(drawnStep).min(1).superRefine(tryChain))
      .min(1)
      .optional()
      .describe(
        "one more copy of each training utterance, through one of these chains of steps by chance; no test utterance is copied",
      ),
    adapt: z
      .string()
      .regex(/^speaker(:[1-9]\d*)?$/)
      .optional()
      .describe(
        "speaker: adapt to each test speaker by all the speaker's utterances, unlabelled; speaker:N by N drawn ones",
      ),
    folds: z
      .string()
      .min(1)
      .describe("loso, speaker:K, sentence:K, random:K, or a file of folds relative to the recipe"),
    group: z
      .enum(["speaker", "sentence", "both"])
      .optional()
      .describe("what training and test must not share"),
    calibration: z
      .enum(calibrationKinds)
      .optional()
      .describe(
        "how scores become probabilities: in an evaluation fitted inside each training part (default none), in an artifact on the evaluation's scores (default temperature)",
      ),
    maxRisk: z
      .number()
      .positive()
      .max(1)
      .optional()
      .describe("part of the answers that may be wrong; the artifact stays silent where it is less sure"),
    seed: z.int().nonnegative().default(1),
    allowLeak: z
      .array(z.string())
      .default([])
      .describe("leaks that are asked for by name; the report says so on its first line"),
    expected: z
      .strictObject(
        Object.fromEntries(
          measures.map((measure) => [
            measure,
            z
              .strictObject({
                min: z.number().min(0).max(1).optional(),
                max: z.number().min(0).max(1).optional(),
              })
              .optional(),
          ]),
        ) as Record<
          (typeof measures)[number],
          z.ZodOptional<
            z.ZodObject<{ min: z.ZodOptional<z.ZodNumber>; max: z.ZodOptional<z.ZodNumber> }, z.core.$strict>
          >
        >,
      )
      .describe("the result that the run must reach, as parts of 1"),
  })
  .describe("An Undertone recipe: corpus, label map, features, model, split, seed and expected result");

export type Recipe = z.output<typeof recipeSchema>;

/** Returns the JSON Schema of recipe files. */
export function recipeJsonSchema(): unknown {
  return z.toJSONSchema(recipeSchema, { io: "input" });
}

/**
 * Returns the recipe in a file; a fold file in it becomes an absolute path.
 * @throws UndertoneError `file/not-found` or `recipe/invalid`.
 */
export async function readRecipe(path: string): Promise<Recipe> {
  const text = new TextDecoder().decode(await readInput(path));
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new UndertoneError("recipe/invalid", `Bad recipe '${path}': ${(error as Error).message}`, {
      cause: error,
    });
  }
  const parsed = recipeSchema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".");
    throw new UndertoneError(
      "recipe/invalid",
      `Bad recipe '${path}': ${where ? `${where}: ` : ""}${issue?.message}`,
      {
        details: {
          issues: parsed.error.issues.map(({ path: at, message }) => ({ path: at.join("."), message })),
        },
      },
    );
  }
  const { folds } = parsed.data;
  return { ...parsed.data, folds: /\.json$/i.test(folds) ? resolve(dirname(path), folds) : folds };
}

/**
 * Checks a result against what the recipe expects.
 * @throws UndertoneError `recipe/result-missed`, naming the first measure that missed.
 */
export function checkExpected(recipe: Recipe, result: EvaluationResult): void {
  for (const measure of measures) {
    const bounds = recipe.expected[measure];
    if (!bounds) continue;
    const { min, max } = bounds;
    const got = result[measure];
    const text = got === null ? "undefined" : got.toFixed(4);
    if (min !== undefined && !(got !== null && got >= min)) {
      throw new UndertoneError(
        "recipe/result-missed",
        `The recipe '${recipe.title}' missed its result: got ${measure} ${text}, expected at least ${min}`,
        {
          details: { measure, got, min },
        },
      );
    }
    if (max !== undefined && !(got !== null && got <= max)) {
      throw new UndertoneError(
        "recipe/result-missed",
        `The recipe '${recipe.title}' missed its result: got ${measure} ${text}, expected at most ${max}`,
        {
          details: { measure, got, max },
        },
      );
    }
  }
}
