/**
 * Records the net of golden results anew (test/net), from what the code computes now: `npx tsx scripts/record-net.ts` all of it, which takes an
 * hour; `npx tsx scripts/record-net.ts predictions stream` some parts; `npx tsx scripts/record-net.ts recipes` or `recipes/ravdess` the recipes or
 * one of them. Each part is written as soon as it is there, and the script says how far it lies from what was recorded before: whoever commits
 * it has to mean it. A recipe whose UAR moves by more than `rerecordUarPoints` is not written.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { corpora } from "../test/corpora.js";
import { distance, folder, readGolden, writeGolden } from "../test/net/golden.js";
import { parts } from "../test/net/parts.js";
import { rerecordUarPoints } from "../test/net/tolerance.js";

const wanted = process.argv.slice(2);
const asksFor = (word: string, name: string): boolean => name === word || name.startsWith(`${word}/`);
const unknown = wanted.filter((word) => !parts.some(({ name }) => asksFor(word, name)));
if (unknown.length > 0)
  throw new Error(
    `No part ${unknown.join(", ")} of the net, expected ${parts.map(({ name }) => name).join(", ")}`,
  );

function uarOf(document: unknown): number | undefined {
  return (document as { uar?: number }).uar;
}

for (const { name, golden, depth, needsCorpora, compute } of parts) {
  if (wanted.length > 0 && !wanted.some((word) => asksFor(word, name))) continue;
  if (needsCorpora && !corpora) throw new Error(`${name}: the corpora are not there, set UNDERTONE_CORPORA`);
  const document = await compute();
  if (existsSync(join(folder, golden))) {
    const before = readGolden<object>(golden);
    const { greatest, other } = distance(document, before);
    console.log(`${name}: numbers move by ${greatest.toExponential(1)} at most, ${other} other changes`);
    const [now, then] = [uarOf(document), uarOf(before)];
    const points = now === undefined || then === undefined ? 0 : 100 * (now - then);
    if (Math.abs(points) > rerecordUarPoints) {
      console.error(
        `${name}: UAR moves by ${points.toFixed(2)} points, expected at most ${rerecordUarPoints}; not written`,
      );
      process.exitCode = 1;
      continue;
    }
  } else console.log(`${name}: recorded`);
  writeGolden(golden, document, depth);
}
