/**
 * Writes an artifact of an older format anew in today's, with nothing fitted again: `npx tsx scripts/rewrite-artifacts.ts FILE.onnx [--table T.parquet]`.
 * Numbers that were written with seven digits or fewer become float32, as in artifacts that are made today; with the table of features that the
 * model was trained on, its axes become short ones, and it gets the marks of its clips.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { markClips } from "../packages/core/src/artifact/learnt-clips.js";
import { readArtifact } from "../packages/core/src/artifact/read-artifact.js";
import { withShortAxes } from "../packages/core/src/artifact/short-axes.js";
import { sealArtifact, withoutScales } from "../packages/core/src/artifact/write-artifact.js";
import { type FeatureTable, takeUtterances } from "../packages/core/src/data/feature-table.js";
import { writeAtomic } from "../packages/node/src/io/write-atomic.js";
import { readTable } from "../packages/node/src/runs/table-file.js";

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

/** Returns the rows of a table whose labels are words that stand for a class. */
async function learntTable(
  path: string,
  words: Readonly<Record<string, string | null>>,
): Promise<FeatureTable> {
  const { table, dataset } = await readTable(path);
  const labels = new Map(dataset.utterances.map(({ id, label }) => [id, label]));
  const rows = table.ids.flatMap((id, i) => ((words[labels.get(id) ?? ""] ?? null) === null ? [] : [i]));
  return takeUtterances(table, rows);
}

const { values, positionals } = parseArgs({ options: { table: { type: "string" } }, allowPositionals: true });
for (const path of positionals) {
  const bytes = new Uint8Array(readFileSync(path));
  const { manifest } = readArtifact(bytes);
  const { reference, outOfDistribution, speakers } = manifest;
  const variances = speakers && { speakers: { ...speakers, variances: single(speakers.variances) } };
  const parts = { reference: single(reference), outOfDistribution: single(outOfDistribution), ...variances };
  const learnt = values.table ? await learntTable(values.table, manifest.labelMap.words) : undefined;
  const short = learnt
    ? { ...withShortAxes(parts, learnt), learntClips: markClips([learnt], parts.reference) }
    : parts;
  const rewritten = sealArtifact(withoutScales(bytes), { ...manifest, ...short });
  await writeAtomic(path, rewritten);
  console.log(`${path}: format ${manifest.format}, ${bytes.length} bytes; now ${rewritten.length}`);
}
