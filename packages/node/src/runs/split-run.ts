/** From a fold spec to splits that passed the leak gate, or that leak because that was asked for by name. */

import { basename } from "node:path";
import {
  assertNoLeaks,
  type Dataset,
  explicitFolds,
  type FittedStep,
  type Folds,
  findLeaks,
  foldsFromSpec,
  type Leak,
  parseFolds,
  type Split,
  tableScaling,
  UndertoneError,
} from "@undertone/core";
import { readInput } from "../io/read-input.js";
import type { LoadedData } from "./load-data.js";

/** How a run is split. */
export interface SplitPlan {
  /** `loso`, `speaker:K`, `sentence:K`, `both:K`, `random:K`, a file of folds, or `table` for the table's own column. */
  readonly folds: string;
  readonly group?: "speaker" | "sentence" | "both" | undefined;
  readonly seed: number;
  /** Kinds of leak that are asked for by name. */
  readonly allowLeak?: readonly string[] | undefined;
}

/** Splits with the leaks that remain in them. */
export interface CheckedSplits {
  readonly splits: readonly Split[];
  readonly leaks: readonly Leak[];
  readonly foldsName: string;
}

/** Returns one split for each name in the table's fold column. */
function foldsOfTable(dataset: Dataset, folds: ReadonlyMap<string, string> | undefined): Split[] {
  if (!folds)
    throw new UndertoneError(
      "split/unknown",
      `'${dataset.name}' has no fold column, expected --folds loso, speaker:K or a fold file`,
    );
  const names = [...new Set(folds.values())].sort();
  const ids = dataset.utterances.map(({ id }) => id);
  const parts = names.map((name) => ({
    train: ids.filter((id) => folds.get(id) !== name),
    dev: [],
    test: ids.filter((id) => folds.get(id) === name),
  }));
  return explicitFolds(dataset, parts).map((split, i) => ({ ...split, name: names[i] }));
}

/** Returns the folds in a file. @throws UndertoneError `file/*`, `split/invalid`. */
async function readFolds(path: string, corpus: string): Promise<Folds> {
  const text = new TextDecoder().decode(await readInput(path));
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new UndertoneError("split/invalid", `Bad fold file '${path}': ${(error as Error).message}`, {
      cause: error,
    });
  }
  return parseFolds(
    document,
    typeof document === "object" && document !== null && corpus in document ? corpus : undefined,
  );
}

/**
 * Returns the splits of the utterances that have a class, and the leaks in them that were allowed.
 * @throws UndertoneError `split/leak` for a leak that was not allowed, `split/unknown`, `split/invalid`, `split/too-few-speakers`, `file/*`.
 */
export async function splitData(
  data: Pick<LoadedData, "dataset" | "table" | "folds" | "corpus" | "duplicates">,
  { folds, group, seed, allowLeak = [] }: SplitPlan,
): Promise<CheckedSplits> {
  const inTable = new Set(data.table.ids);
  const dataset = {
    ...data.dataset,
    utterances: data.dataset.utterances.filter(({ id }) => inTable.has(id)),
  };
  const request = { seed, ...(group ? { group } : {}) };
  const isFile = folds.toLowerCase().endsWith(".json");
  const splits =
    folds === "table"
      ? foldsOfTable(dataset, data.folds)
      : foldsFromSpec(isFile ? await readFolds(folds, data.corpus) : folds, dataset, request);
  const sentence = group === "sentence" || group === "both" || /^(sentence|both)\b/.test(folds);
  const scaling = tableScaling(data.table);
  const fitted: FittedStep[] = scaling
    ? [{ what: `the table's ${scaling} scaling`, kind: "preprocessing", fittedOn: data.table.ids }]
    : [];
  const leaks = findLeaks(dataset, splits, { sentence, duplicates: data.duplicates, fitted });
  assertNoLeaks(leaks, allowLeak);
  const foldsName = `${folds === "table" ? "the table's fold column" : isFile ? basename(folds) : folds}${group && group !== "speaker" ? `, ${group} apart` : ""}`;
  return { splits, leaks, foldsName };
}
