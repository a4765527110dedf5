/**
 * Records the net of golden results anew (test/net), from what the code computes now: `npx tsx scripts/record-net.ts` all but the recipes,
 * `npx tsx scripts/record-net.ts predictions stream` some parts. Says how far the new results lie from the recorded ones: whoever
 * commits them has to mean it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { corpora } from "../test/corpora.js";
import { distance, folder, readGolden, writeGolden } from "../test/net/golden.js";
import { parts } from "../test/net/parts.js";

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0)
  throw new Error(
    `No part ${unknown.join(", ")} of the net, expected ${parts.map(({ name }) => name).join(", ")}`,
  );

for (const { name, golden, depth, needsCorpora, compute } of parts) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (needsCorpora && !corpora) throw new Error(`${name}: the corpora are not there, set UNDERTONE_CORPORA`);
  const document = await compute();
  if (existsSync(join(folder, golden))) {
    const { greatest, other } = distance(document, readGolden(golden));
    console.log(`${name}: numbers move by ${greatest.toExponential(1)} at most, ${other} other changes`);
  } else console.log(`${name}: recorded`);
  writeGolden(golden, document, depth);
}
