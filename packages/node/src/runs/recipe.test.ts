import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UndertoneError } from "@undertone/core/errors";
import type { EvaluationResult } from "@undertone/core/evaluate";
import { afterAll, describe, expect, it } from "vitest";
import { checkExpected, readRecipe } from "./recipe.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-recipe-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const smallest = {
  format: 1,
  title: "a recipe",
  corpus: "ravdess",
  labelMap: "ravdess-8",
  features: "seed-v1",
  model: { kind: "logistic-regression" },
  folds: "folds/f.json",
  expected: { uar: { min: 0.5, max: 0.6 } },
};

async function read(document: unknown): ReturnType<typeof readRecipe> {
  const path = join(folder, "recipe.json");
  writeFileSync(path, typeof document === "string" ? document : JSON.stringify(document));
  return readRecipe(path);
}

function codeOf(error: unknown): string {
  return error instanceof UndertoneError ? `${error.code}: ${error.message}` : String(error);
}

describe("recipes", () => {
  it("fill in what they leave out, and find their fold file beside themselves", async () => {
    expect(await read(smallest)).toEqual({
      ...smallest,
      model: { kind: "logistic-regression", params: {} },
      folds: join(folder, "folds/f.json"),
      seed: 1,
      allowLeak: [],
    });
    expect((await read({ ...smallest, folds: "speaker:6" })).folds).toBe("speaker:6");
  });

  it.each([
    ["{", "recipe/invalid: Bad recipe"],
    [{ ...smallest, format: 2 }, "format:"],
    [{ ...smallest, model: {} }, "model.kind:"],
    [{ ...smallest, extra: 1 }, "extra"],
    [{ ...smallest, seed: -1 }, "seed:"],
    [{ ...smallest, expected: { uar: { min: 55 } } }, "expected.uar.min:"],
  ])("refuse %j", async (document, part) => {
    const code = await read(document).then(() => "no error", codeOf);
    expect(code).toMatch(/^recipe\/invalid: Bad recipe /);
    expect(code).toContain(part);
  });

  it("fail by name when a mean over left-out corpora is missed, of a view too", async () => {
    const recipe = await read({
      ...smallest,
      labelMap: "common-7",
      views: ["common-4"],
      expected: { corpora: { ece: { max: 0.12 } }, views: { "common-4": { uar: { min: 0.6 } } } },
    });
    const check = (ece: number, uar: number): void =>
      checkExpected(recipe, {
        classes: {
          corpora: { mean: { ece } },
          views: [{ labelMap: "common-4", mean: { uar } }],
        } as unknown as EvaluationResult,
      });
    check(0.12, 0.6);
    expect(() => check(0.13, 0.6)).toThrow("got corpora ece 0.1300, expected at most 0.12");
    expect(() => check(0.1, 0.55)).toThrow("got views common-4 uar 0.5500, expected at least 0.6");
    expect(() => checkExpected(recipe, { classes: {} as EvaluationResult })).toThrow(
      "got corpora ece undefined",
    );
  });

  it("fail by name when the result is missed", async () => {
    const recipe = await read(smallest);
    const check = (uar: number): string => {
      try {
        checkExpected(recipe, { classes: { uar } as EvaluationResult });
        return "met";
      } catch (error) {
        return codeOf(error);
      }
    };
    expect(check(0.55)).toBe("met");
    expect(check(0.5)).toBe("met");
    expect(check(0.49)).toBe(
      "recipe/result-missed: The recipe 'a recipe' missed its result: got uar 0.4900, expected at least 0.5",
    );
    expect(check(0.61)).toContain("expected at most 0.6");
    expect(check(Number.NaN)).toContain("recipe/result-missed");
  });
});
