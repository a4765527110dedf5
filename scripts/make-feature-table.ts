/**
 * Makes a compact, committed feature table of a corpus with speaker, label and fold columns:
 * `npx tsx scripts/make-feature-table.ts --recipe recipes/ravdess.json --data DIR --out data/ravdess-seed-v1.parquet`.
 */
import { parseArgs } from "node:util";
import { writeAtomic } from "../packages/node/src/io/write-atomic.js";
import { loadData } from "../packages/node/src/runs/load-data.js";
import { sourceOf } from "../packages/node/src/runs/plan/run-plan.js";
import { readRecipe } from "../packages/node/src/runs/recipe.js";
import { splitData } from "../packages/node/src/runs/split-run.js";
import { encodeTable } from "../packages/node/src/runs/table-file.js";

/** Bits of the mantissa that are kept: relative error at most 2^-13, far below what a classifier can tell apart. */
const mantissaBits = 12;

/** Returns float32 values rounded to `mantissaBits`, so that the lower bytes are zero and compress to nothing. */
function rounded(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
  const dropped = 23 - mantissaBits;
  for (let i = 0; i < bits.length; i++) bits[i] = ((bits[i] + (1 << (dropped - 1))) >>> dropped) << dropped;
  return new Float32Array(bits.buffer);
}

const { values } = parseArgs({
  options: { recipe: { type: "string" }, data: { type: "string" }, out: { type: "string" } },
});
if (!values.recipe || !values.data || !values.out)
  throw new Error("Expected --recipe FILE --data DIR --out FILE");
const recipe = await readRecipe(values.recipe);
const data = await loadData(sourceOf({ ...recipe, data: [values.data] }), recipe.features);
const { splits } = await splitData(data, recipe);
const folds = new Map(splits.flatMap(({ name, test }) => test.map((id): [string, string] => [id, name])));
const inTable = new Set(data.table.ids);
const frames = { ...data.table.frames, data: rounded(data.table.frames.data) };
const bytes = await encodeTable(
  {
    dataset: { ...data.dataset, utterances: data.dataset.utterances.filter(({ id }) => inTable.has(id)) },
    table: { ...data.table, frames },
    featureSet: data.featureSet,
    corpus: data.corpus,
    labelMap: data.labelMap.id,
    folds,
  },
  "parquet",
);
await writeAtomic(values.out, bytes);
process.stderr.write(
  `\n${values.out}: ${data.table.ids.length} × ${data.table.names.length}, ${(bytes.length / 2 ** 20).toFixed(2)} MiB\n`,
);
