/** Holds code and documentation equal, in both directions: error codes, commands, flags, environment variables, recipe schema. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { errorCodes } from "@undertone/core/errors";
import { encoderSets, featureSets } from "@undertone/core/features";
import { estimators } from "@undertone/core/learn";
import { describe, expect, it } from "vitest";
import { commands } from "../packages/node/src/cli/commands/index.js";
import { cliMarkdown } from "../packages/node/src/cli/markdown.js";
import { checkPositionals, parseCommandLine } from "../packages/node/src/cli/parse.js";
import { readRecipe, recipeJsonSchema } from "../packages/node/src/runs/recipe.js";
import { estimatorsMarkdown } from "../scripts/estimators-markdown.js";
import { preparationMarkdown } from "../scripts/preparation-markdown.js";
import { figureTable, type Measured, recipeTable, replaceSection } from "../scripts/results.js";
import { root } from "./corpora.js";

const read = (path: string): string => readFileSync(join(root, path), "utf8");

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

describe("documentation", () => {
  it("docs/errors.md lists the error codes, all of them and no other", () => {
    const listed = [...read("docs/errors.md").matchAll(/^\| `([a-z-]+(?:\/[a-z-]+)?)` \|/gm)].map(
      (match) => match[1],
    );
    expect(listed).toEqual([...errorCodes]);
  });

  it("docs/cli.md is what the declarations say; `npx tsx scripts/make-cli-docs.ts` writes it", async () => {
    expect(read("docs/cli.md")).toBe(await cliMarkdown());
  });

  it("every command has the name under which it is listed, a summary, and flags with unlike names", async () => {
    for (const { name, load } of commands) {
      const command = await load();
      expect(command.name).toBe(name);
      expect(command.summary).not.toMatch(/\.$|^[A-Z]/);
      const flags = command.flags.map((flag) => flag.name);
      expect(new Set(flags).size, name).toBe(flags.length);
      for (const flag of command.flags) expect(flag.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    }
  });

  it("names every environment variable that the code reads", () => {
    const used = new Set<string>();
    for (const folder of ["packages/node/src", "packages/core/src", "packages/browser/src"]) {
      for (const file of sources(folder)) {
        for (const [name] of readFileSync(file, "utf8").matchAll(/\bUNDERTONE_[A-Z_]+\b/g)) used.add(name);
      }
    }
    const documented = new Set(
      [...read("docs/cli.md").matchAll(/\bUNDERTONE_[A-Z_]+\b/g)].map(([name]) => name),
    );
    expect([...documented].sort()).toEqual([...used].sort());
  });

  it("docs/features.md has a heading for every feature set and no other", () => {
    const headings = [...read("docs/features.md").matchAll(/^## (\S+)$/gm)].map((match) => match[1]);
    expect(headings.sort()).toEqual([...featureSets, ...encoderSets].map(({ id }) => id).sort());
  });

  it("docs/estimators.md is what the factories say; `npx tsx scripts/make-estimator-docs.ts` writes it", () => {
    expect(read("docs/estimators.md")).toBe(estimatorsMarkdown());
  });

  it("docs/preparation.md is what the steps say; `npx tsx scripts/make-estimator-docs.ts` writes it", () => {
    expect(read("docs/preparation.md")).toBe(preparationMarkdown());
  });

  it("recipes/recipe.schema.json is made from the schema in the code", () => {
    expect(JSON.parse(read("recipes/recipe.schema.json"))).toEqual(recipeJsonSchema());
  });

  it("the README prints what docs/measured.json holds; `npm run measure` writes both", () => {
    const measured = JSON.parse(read("docs/measured.json")) as Measured;
    const printed = replaceSection(read("README.md"), "results", recipeTable(measured));
    expect(read("README.md")).toBe(replaceSection(printed, "figures", figureTable(measured)));
  });

  const recipes = readdirSync(join(root, "recipes")).filter(
    (name) => name.endsWith(".json") && !name.endsWith(".schema.json"),
  );
  it.each(recipes)("recipe %s fits the schema and its fold file is there", async (name) => {
    const recipe = await readRecipe(join(root, "recipes", name));
    expect(Object.keys(recipe.expected)).not.toEqual([]);
    if (recipe.folds.endsWith(".json")) expect(existsSync(recipe.folds)).toBe(true);
  });

  it.each(["README.md", "docs/learning.md", "docs/your-recordings.md"])(
    "%s shows commands that are understood",
    async (page) => {
      const shown = [...read(page).matchAll(/^(?:npx )?undertone (.+?)(?: > \S+)?(?: +#.*)?$/gm)].map(
        ([, words]) => words,
      );
      expect(shown.length).toBeGreaterThan(0);
      for (const words of shown) {
        const entry = commands.find(({ name }) => words.startsWith(`${name} `))!;
        const command = await entry.load();
        const { positionals, flags } = parseCommandLine(
          command,
          words.slice(entry.name.length + 1).split(" "),
        );
        checkPositionals(command, positionals);
        const models = estimators.map(({ kind }) => kind);
        expect(models).toContain(
          flags.model === undefined || /\.onnx$/.test(String(flags.model)) ? models[0] : flags.model,
        );
      }
    },
  );

  it("links between the pages lead to files that are there", () => {
    const pages = [
      ...readdirSync(root),
      ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
    ].filter((name) => name.endsWith(".md"));
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map((match) => match[1])
        .filter((target) => !existsSync(join(root, dirname(page), target)))
        .map((target) => `${page} -> ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
