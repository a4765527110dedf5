/** The feature tables of `--with`: what a run's models learn from beside the data. */
import { basename, extname } from "node:path";
import { type Beside, type BesideTable, besideOf, corpora, recordingsBeside } from "@undertone/core/data";
import { listChoices, UndertoneError } from "@undertone/core/errors";
import { anyFeatureSet } from "@undertone/core/features";
import { completeFeatures } from "../encoders/complete-features.js";
import type { ListedData, LoadedData } from "./load-data.js";
import type { EvaluationPlan } from "./plan/run-plan.js";
import { count } from "./report/words.js";
import { pathOf, shippedTables } from "./shipped.js";
import { type LabelledTable, readTable } from "./table-file.js";

/** A table as it is asked for. */
type NamedTable = BesideTable & Pick<LabelledTable, "featureSet">;

/** Returns the tables that are named, those that ship or files. @throws UndertoneError as `pathOf` and `readTable`. */
export function readBeside(refs: readonly string[]): Promise<NamedTable[]> {
  return Promise.all(
    refs.map(async (ref) => {
      const read = await readTable(pathOf(shippedTables, ref));
      const corpus = corpora.find(({ id }) => id === read.corpus)?.id;
      return { ...read, corpus, name: basename(ref, extname(ref)) };
    }),
  );
}

/** Refuses tables of other columns than the run's. @throws UndertoneError `features/mismatch`, and as `completeFeatures`. */
export async function refuseOtherFeatures(
  tables: readonly NamedTable[],
  { features, table: own, attributes }: EvaluationPlan,
): Promise<void> {
  if (tables.length === 0) return;
  const { names, id } =
    own === undefined
      ? anyFeatureSet(await completeFeatures(features!))
      : await readTable(own).then(({ table, featureSet }) => ({ names: table.names, id: featureSet }));
  for (const { name, table, featureSet } of tables)
    if (attributes || table.names.join() !== names.join())
      throw new UndertoneError(
        "features/mismatch",
        `The table '${name}' holds the features ${featureSet}, got ${id}${attributes ? ` with ${attributes.join(", ")}` : ""} for the data; expected --features ${featureSet} for both, or no --with ${name}`,
      );
}

/** Returns what a table teaches beside the data, in words. @throws UndertoneError `label-map/unmapped` where that is nothing. */
export function besideRemark(
  { name, dataset, leftOut }: Beside,
  { dataset: whole }: BesideTable,
  { labelMap }: ListedData,
): string {
  const words = [...new Set(whole.utterances.flatMap(({ label }) => label ?? []))].sort();
  const own = new Set(dataset.utterances.map(({ label }) => labelMap.words[label!]));
  if (own.size === 0)
    throw new UndertoneError(
      "label-map/unmapped",
      `The table '${name}' has ${listChoices(words)}, none of which is one of the data's classes ${labelMap.classes.join(", ")}; expected words for the same emotions, or no --with ${name}`,
    );
  const left = leftOut > 0 ? `, ${leftOut} of other classes left out` : "";
  return `learns from ${name} too, which is not tested: ${count(dataset.utterances.length, "utterance")} of ${[...own].sort().join(", ")}${left}`;
}

/** Returns the data with what is learnt beside them; a recording of theirs that is in a table is a duplicate, which no test part may have. */
export function withBesides(data: LoadedData, tables: readonly NamedTable[]): LoadedData {
  if (tables.length === 0) return data;
  const beside = tables.map((table) => besideOf(table, data));
  const duplicates = beside.flatMap((one) => recordingsBeside(data.table, one));
  return { ...data, beside, duplicates: [...data.duplicates, ...duplicates] };
}
