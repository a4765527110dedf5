/** Writes docs/estimators.md and docs/preparation.md from the declarations: `npx tsx scripts/make-estimator-docs.ts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { estimatorsMarkdown } from "./estimators-markdown.js";
import { preparationMarkdown } from "./preparation-markdown.js";

writeFileSync(join(import.meta.dirname, "../docs/estimators.md"), estimatorsMarkdown());
writeFileSync(join(import.meta.dirname, "../docs/preparation.md"), preparationMarkdown());
