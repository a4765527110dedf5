/**
 * Makes a compact, committed feature table of a corpus with speaker, label and fold columns:
 * `npx tsx scripts/make-feature-table.ts --recipe recipes/ravdess.json --data DIR --out data/ravdess-seed-v1.parquet`.
 * `--steps N` rounds to at most N-ths of each column's deviation, for tables with thousands of columns.
 */
import { parseArgs } from "node:util";
import { columnMoments, type FeatureTable } from "@undertone/core/data";
import { writeAtomic } from "../packages/node/src/io/write-atomic.js";
import { loadData } from "../packages/node/src/runs/load-data.js";
import { sourceOf } from "../packages/node/src/runs/plan/run-plan.js";
import { readRecipe } from "../packages/node/src/runs/recipe.js";
import { splitData } from "../packages/node/src/runs/split-run.js";
import { encodeTable } from "../packages/node/src/runs/table-file.js";

/** Bits of the mantissa that are kept: relative error at most 2^-13, far below what a classifier can tell apart. */
const mantissaBits = 12;

/** Returns float32 values rounded to `mantissaBits`, so that the lower bytes are zero and compress to nothing. */
function shortMantissas(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
  const dropped = 23 - mantissaBits;
  for (let i = 0; i < bits.length; i++) bits[i] = ((bits[i] + (1 << (dropped - 1))) >>> dropped) << dropped;
  return new Float32Array(bits.buffer);
}

/** Returns values rounded to steps of a power of two, the largest below a part of each column's deviation: about a byte a value when compressed. */
function stepped(table: FeatureTable, parts: number): Float32Array {
  const { data, cols } = table.frames;
  const steps = Array.from(columnMoments(table).deviation, (deviation) =>
    deviation > 0 ? 2 ** Math.floor(Math.log2(deviation / parts)) : 0,
  );
  return data.map((value, i) =>
    steps[i % cols] ? Math.round(value / steps[i % cols]) * steps[i % cols] : value,
  );
}

const { values } = parseArgs({
  options: {
    recipe: { type: "string" },
    data: { type: "string" },
    out: { type: "string" },
    steps: { type: "string" },
  },
});
if (!values.recipe || !values.data || !values.out)
  throw new Error("Expected --recipe FILE --data DIR --out FILE");
const recipe = await readRecipe(values.recipe);
const data = await loadData(sourceOf({ ...recipe, speeds: undefined, data: [values.data] }), recipe.features);
const { splits } = await splitData(data, recipe);
const folds = new Map(splits.flatMap(({ name, test }) => test.map((id): [string, string] => [id, name])));
const inTable = new Set(data.table.ids);
const { frames } = data.table;
const rounded = values.steps ? stepped(data.table, Number(values.steps)) : shortMantissas(frames.data);
const bytes = await encodeTable(
  {
    dataset: { ...data.dataset, utterances: data.dataset.utterances.filter(({ id }) => inTable.has(id)) },
    table: { ...data.table, frames: { ...frames, data: rounded } },
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
