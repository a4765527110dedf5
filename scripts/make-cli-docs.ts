/** Writes docs/cli.md from the declared commands, and recipes/recipe.schema.json from the recipe's schema: `npx tsx scripts/make-cli-docs.ts`. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cliMarkdown } from "../packages/node/src/cli/markdown.js";
import { recipeJsonSchema } from "../packages/node/src/runs/recipe.js";

const root = fileURLToPath(new URL("..", import.meta.url));
writeFileSync(`${root}docs/cli.md`, await cliMarkdown());
writeFileSync(`${root}recipes/recipe.schema.json`, `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`);
