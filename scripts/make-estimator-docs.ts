/** Writes docs/estimators.md from the declarations: `npx tsx scripts/make-estimator-docs.ts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { estimatorsMarkdown } from "./estimators-markdown.js";

writeFileSync(join(import.meta.dirname, "../docs/estimators.md"), estimatorsMarkdown());
