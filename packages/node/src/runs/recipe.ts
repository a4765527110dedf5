/** A recipe: one file that determines a run, with the result that it must reach. */

import { dirname, resolve } from "node:path";
import { labelMap, viewsOf } from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import type { Evaluation } from "@undertone/core/evaluate";
import { z } from "zod";
import { readInput } from "../io/read-input.js";
import { asLabelled } from "./choose-targets.js";
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

/** What may be expected of the means over corpora that were left out. */
const meanMeasures = ["uar", "accuracy", "rocAuc", "ece", "answered", "accuracyAnswered"] as const;

const part = z.number().min(0).max(1).optional();
const bounds = z.strictObject({ min: part, max: part });
type Bounds = z.output<typeof bounds>;

/** Returns the shape of bounds of some measures. */
function boundsOf<const Name extends string>(names: readonly Name[]) {
  return z.strictObject(
    Object.fromEntries(names.map((name) => [name, bounds.optional()])) as Record<
      Name,
      z.ZodOptional<typeof bounds>
    >,
  );
}

/** The shape of a recipe file; `recipes/recipe.schema.json` is made from it. */
export const recipeSchema = z
  .strictObject({
    $schema: z.string().optional().describe("where the JSON Schema is, for editors"),
    format: z.literal(1).describe("version of the recipe format"),
    title: z.string().min(1).describe("one line for people"),
    note: z.string().optional().describe("what the result means and what it does not"),
    ...optionShape(planOptions),
    expected: boundsOf(measures)
      .extend({
        corpora: boundsOf(meanMeasures).optional().describe("of the means over corpora that were left out"),
        views: z
          .record(z.string(), boundsOf(meanMeasures))
          .optional()
          .describe("of the same means by a view, such as common-4"),
      })
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
    const { views = [], expected } = parsed.data;
    const unseen = Object.keys(expected.views ?? {}).find((id) => !views.includes(id));
    if (unseen !== undefined)
      throw new UndertoneError("recipe/invalid", `expected.views: '${unseen}' is none of 'views'`);
    if (parsed.data.labelMap !== undefined && parsed.data.labelMap !== asLabelled)
      viewsOf(labelMap(parsed.data.labelMap), views);
  } catch (error) {
    throw new UndertoneError("recipe/invalid", `Bad recipe '${path}': ${(error as Error).message}`, {
      cause: error,
    });
  }
  return { ...parsed.data, ...withPaths(parsed.data, (given) => resolve(dirname(path), given)) };
}

/** What a recipe may expect, by the name that a sentence gives it, with what an evaluation got. */
function* expectations(
  { expected }: Recipe,
  evaluation: Evaluation,
): Generator<{
  readonly measure: string;
  readonly bounds: Bounds | undefined;
  readonly got: number | null;
}> {
  for (const measure of measures)
    yield { measure, bounds: expected[measure], got: measured(evaluation, measure) };
  const { corpora, views = [] } = evaluation.classes ?? {};
  const means = [
    { name: "corpora", wanted: expected.corpora, mean: corpora?.mean },
    ...Object.entries(expected.views ?? {}).map(([id, wanted]) => ({
      name: `views ${id}`,
      wanted,
      mean: views.find(({ labelMap }) => labelMap === id)?.mean,
    })),
  ];
  for (const { name, wanted = {}, mean } of means)
    for (const measure of meanMeasures)
      yield { measure: `${name} ${measure}`, bounds: wanted[measure], got: mean?.[measure] ?? null };
}

/**
 * Checks a result against what the recipe expects.
 * @throws UndertoneError `recipe/result-missed`, naming the first measure that missed.
 */
export function checkExpected(recipe: Recipe, evaluation: Evaluation): void {
  for (const { measure, bounds: { min, max } = {}, got } of expectations(recipe, evaluation)) {
    const missed = [
      ...(min !== undefined && !(got !== null && got >= min) ? [`at least ${min}`] : []),
      ...(max !== undefined && !(got !== null && got <= max) ? [`at most ${max}`] : []),
    ];
    if (missed.length === 0) continue;
    throw new UndertoneError(
      "recipe/result-missed",
      `The recipe '${recipe.title}' missed its result: got ${measure} ${got === null ? "undefined" : got.toFixed(4)}, expected ${missed[0]}`,
      { details: { measure, got, min, max } },
    );
  }
}
