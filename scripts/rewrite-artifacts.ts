/**
 * Writes artifacts of an older format anew in today's, with nothing fitted again: `npx tsx scripts/rewrite-artifacts.ts models/*.onnx`. Numbers
 * that were written with seven digits or fewer become float32, as in artifacts that are made today.
 */
import { readFileSync } from "node:fs";
import { readArtifact } from "../packages/core/src/artifact/read-artifact.js";
import { sealArtifact, withoutScales } from "../packages/core/src/artifact/write-artifact.js";
import { writeAtomic } from "../packages/node/src/io/write-atomic.js";

/** Returns the value with float32 instead of every number of at most seven significant digits that is no whole number. */
function single<T>(value: T): T {
  if (typeof value === "number") {
    const isShort = !Number.isInteger(value) && Number(value.toPrecision(7)) === value;
    return (isShort ? Math.fround(value) : value) as T;
  }
  if (Array.isArray(value)) return value.map(single) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, single(entry)])) as T;
}

for (const path of process.argv.slice(2)) {
  const bytes = new Uint8Array(readFileSync(path));
  const { manifest } = readArtifact(bytes);
  const { reference, outOfDistribution, speakers } = manifest;
  const parts = { reference: single(reference), outOfDistribution: single(outOfDistribution) };
  const variances = speakers && { speakers: { ...speakers, variances: single(speakers.variances) } };
  const rewritten = sealArtifact(withoutScales(bytes), { ...manifest, ...parts, ...variances });
  await writeAtomic(path, rewritten);
  console.log(`${path}: format ${manifest.format}, ${bytes.length} bytes; now ${rewritten.length}`);
}
