/**
 * Runs the benchmarks one after the other: `npm run bench`, or `npm run bench -- features` for some; `npm run bench -- --large` has the fits
 * of 20,000 rows too, with `--limit SECONDS` for each.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const folder = dirname(fileURLToPath(import.meta.url));
const { values, positionals: wanted } = parseArgs({
  options: { large: { type: "boolean", default: false }, limit: { type: "string", default: "600" } },
  allowPositionals: true,
});
/** Those that know of sizes. */
const sized = ["cluster.bench.ts", "estimators.bench.ts"];
const names = readdirSync(folder).filter(
  (name) =>
    name.endsWith(".bench.ts") && (wanted.length === 0 || wanted.includes(name.replace(".bench.ts", ""))),
);
if (names.length === 0)
  throw new Error(
    `bench: got '${wanted.join(" ")}', expected one of ${readdirSync(folder)
      .filter((name) => name.endsWith(".bench.ts"))
      .join(", ")}`,
  );
let failed = 0;
for (const name of names) {
  console.log(`\n== ${name}`);
  const options = values.large && sized.includes(name) ? ["--large", "--limit", values.limit] : [];
  const args = ["--import", "tsx", join(folder, name), ...options];
  if (spawnSync(process.execPath, args, { stdio: "inherit" }).status !== 0) failed++;
}
process.exitCode = failed > 0 ? 1 : 0;
