/** The features of recordings as training and test play them: at several speeds, and through what training copies go through. */
import { type CopyChain, describeCopies, drawCopy } from "@undertone/core/audio";
import {
  type Dataset,
  type FeatureTable,
  type FeatureView,
  stackTables,
  takeUtterances,
} from "@undertone/core/data";
import { random } from "@undertone/core/math";
import {
  type BrokenFile,
  describeBroken,
  type ExtractedTable,
  type ExtractTableOptions,
  extractTable,
} from "./extract-table.js";

/** Returns the features at each speed of the utterances that are whole at all of them, and the table at speed 1. */
export async function extractAtSpeeds(
  dataset: Dataset,
  speeds: readonly number[],
  options: ExtractTableOptions,
): Promise<ExtractedTable & { readonly views: readonly FeatureView[] }> {
  const broken: BrokenFile[] = [];
  const tables: FeatureView[] = [];
  let kept = dataset;
  let cached = 0;
  for (const [s, speed] of speeds.entries()) {
    const extracted = await extractTable(kept, {
      ...options,
      speed,
      onProgress: (done, total) => options.onProgress?.(s * total + done, speeds.length * total),
    });
    kept = extracted.dataset;
    cached += extracted.cached;
    broken.push(...extracted.broken);
    tables.push({ speed, table: extracted.table });
  }
  const ids = new Set(kept.utterances.map(({ id }) => id));
  const views = tables.map(({ speed, table }) => {
    const rows = table.ids.flatMap((id, i) => (ids.has(id) ? [i] : []));
    return { speed, table: rows.length < table.ids.length ? takeUtterances(table, rows) : table };
  });
  const { table } = views.find(({ speed }) => speed === 1)!;
  return { table, views, dataset: kept, broken, cached: Math.floor(cached / speeds.length) };
}

/** Returns one degraded copy of each utterance; one that nothing is left of is taken as it is. */
export async function extractCopies(
  dataset: Dataset,
  clean: FeatureTable,
  chains: readonly CopyChain[],
  options: ExtractTableOptions,
): Promise<FeatureView> {
  const { table: found, broken } = await extractTable(dataset, {
    ...options,
    skipBroken: true,
    copies: chains,
    augment: ({ id }) => ({ steps: drawCopy(chains, random(`copy ${id}`)), seed: `copy ${id}` }),
  });
  if (broken.length > 0)
    options.onWarning?.(
      `of ${broken.length} degraded training copies nothing is left, they are taken as recorded: ${describeBroken(broken)}`,
    );
  const rowOf = new Map(found.ids.map((id, i) => [id, i]));
  const table = takeUtterances(
    stackTables([found, clean]),
    clean.ids.map((id, i) => rowOf.get(id) ?? found.ids.length + i),
  );
  return { speed: 1, table, through: describeCopies(chains) };
}
