/**
 * Writes the table of docs/egemaps.md: each functional's correlation with openSMILE's over the 100 reference recordings.
 * `npx tsx scripts/make-egemaps-table.ts` (needs the corpora and the reference folder)
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { egemapsV02 } from "../packages/core/src/features/egemaps-v02.js";
import { corpus, reference, root } from "../test/corpora.js";
import { type EgemapsReference, egemapsCorrelations } from "../test/golden/egemaps-parity.js";
import { decodeFlac } from "../test/golden/signals.js";

const folder = corpus("ravdess");
if (!folder || !reference) throw new Error("make-egemaps-table: got no RAVDESS or no reference folder");
const [, ...rows] = readFileSync(join(reference, "opensmile/egemaps-v02-functionals-ravdess-100.csv"), "utf8")
  .trim()
  .split("\n");
const paths = new Map(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".flac"))
    .map((name) => [basename(name, ".flac"), join(folder, name)]),
);
const recordings: EgemapsReference[] = [];
for (const row of rows) {
  const [name, ...expected] = row.split(",");
  recordings.push({ samples: await decodeFlac(paths.get(name!)!), expected: expected.map(Number) });
}
const correlations = egemapsCorrelations(recordings);
const table = [
  "| functional | r |",
  "| --- | ---: |",
  ...egemapsV02.names.map((name, i) => `| \`${name}\` | ${correlations[i].toFixed(4)} |`),
].join("\n");
const at = (least: number): number => correlations.filter((r) => r >= least).length;
const summary = `Over ${recordings.length} recordings of RAVDESS ${at(0.98)} of ${correlations.length} functionals have r ≥ 0.98 and ${at(0.9)} have r ≥ 0.90.`;
const path = join(root, "docs/egemaps.md");
const [head] = readFileSync(path, "utf8").split("<!-- table -->");
writeFileSync(path, `${head}<!-- table -->\n\n${summary}\n\n${table}\n`);
console.log(summary);
