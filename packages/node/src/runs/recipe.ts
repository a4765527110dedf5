/** A recipe: one file that determines a run, with the result that it must reach. */

import { dirname, resolve } from "node:path";
import { UndertoneError } from "@undertone/core/errors";
import type { Evaluation } from "@undertone/core/evaluate";
import { z } from "zod";
import { readInput } from "../io/read-input.js";
import { optionShape } from "./plan/option.js";
import { planOptions, withPaths } from "./plan/options.js";
import { checkTogether, learns } from "./plan/run-plan.js";

const measures = ["uar", "accuracy", "f1Macro", "rocAuc", "ccc"] as const;
type Measure = (typeof measures)[number];

/** Returns a measure of an evaluation; the CCC is the mean over the values. */
function measured({ classes, values }: Evaluation, measure: Measure): number | null {
  if (measure !== "ccc") return classes?.[measure] ?? null;
  const found = values?.names.map((name) => values.scores[name].ccc ?? Number.NaN) ?? [];
  return found.length === 0 ? null : found.reduce((sum, ccc) => sum + ccc, 0) / found.length;
}

/** The shape of a recipe file; `recipes/recipe.schema.json` is made from it. */
export const recipeSchema = z
  .strictObject({
    $schema: z.string().optional().describe("where the JSON Schema is, for editors"),
    format: z.literal(1).describe("version of the recipe format"),
    title: z.string().min(1).describe("one line for people"),
    note: z.string().optional().describe("what the result means and what it does not"),
    ...optionShape(planOptions),
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
          Measure,
          z.ZodOptional<
            z.ZodObject<{ min: z.ZodOptional<z.ZodNumber>; max: z.ZodOptional<z.ZodNumber> }, z.core.$strict>
          >
        >,
      )
      .describe("the result that the run must reach, as parts of 1; ccc is the mean over the values"),
  })
  .describe("An Undertone recipe: corpus, label map, features, model, split, seed and expected result");

export type Recipe = z.output<typeof recipeSchema>;

/** Returns the JSON Schema of recipe files. */
export function recipeJsonSchema(): unknown {
  return z.toJSONSchema(recipeSchema, { io: "input" });
}

/**
 * Returns the recipe in a file; the paths in it become absolute ones.
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
  try {
    checkTogether(parsed.data, (name) => `'${name}'`);
    if (parsed.data.labelMap === undefined && learns(parsed.data).classes)
      throw new UndertoneError(
        "recipe/invalid",
        "labelMap: expected the id of a label map, such as ravdess-8",
      );
  } catch (error) {
    throw new UndertoneError("recipe/invalid", `Bad recipe '${path}': ${(error as Error).message}`, {
      cause: error,
    });
  }
  return { ...parsed.data, ...withPaths(parsed.data, (given) => resolve(dirname(path), given)) };
}

/**
 * Checks a result against what the recipe expects.
 * @throws UndertoneError `recipe/result-missed`, naming the first measure that missed.
 */
export function checkExpected(recipe: Recipe, evaluation: Evaluation): void {
  for (const measure of measures) {
    const bounds = recipe.expected[measure];
    if (!bounds) continue;
    const { min, max } = bounds;
    const got = measured(evaluation, measure);
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
