/** Runs the benchmarks one after the other: `npm run bench`, or `npm run bench -- features` for some. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
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
  if (spawnSync(process.execPath, ["--import", "tsx", join(folder, name)], { stdio: "inherit" }).status !== 0)
    failed++;
}
process.exitCode = failed > 0 ? 1 : 0;
