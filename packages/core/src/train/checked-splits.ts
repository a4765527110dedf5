/** From a fold spec to splits that passed the leak gate, or that leak because that was asked for by name. */

import { withBeside } from "../data/beside.js";
import type { FeatureTable } from "../data/feature-table.js";
import { tableScaling } from "../data/inspect/table-scaling.js";
import type { Leak } from "../data/leak.js";
import { assertNoLeaks, type FittedStep, findLeaks } from "../data/leak-gate.js";
import type { Split } from "../data/split.js";
import { explicitFolds, type Folds, foldsFromSpec, type SplitRequest } from "../data/split-makers.js";
import { inTable } from "../data/training-set.js";
import type { Dataset } from "../data/utterance.js";
import { UndertoneError } from "../errors.js";
import type { TrainingData } from "./training-data.js";

/** How a run is split. */
export interface FoldPlan extends SplitRequest {
  /** `loso`, `speaker:K`, `sentence:K`, `both:K`, `random:K`, `table` for the table's own column, or folds that were read. */
  readonly folds: string | Folds;
  /** What the protocol calls folds that were read, such as the name of their file. */
  readonly foldsName?: string | undefined;
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

/**
 * Returns the splits of the utterances that have features, or are to get some, and the leaks in them that were allowed.
 * @throws UndertoneError `split/leak` for a leak that was not allowed, `split/unknown`, `split/invalid`, `split/too-few-speakers`.
 */
export function checkedSplits(
  data: Pick<TrainingData, "dataset" | "folds" | "duplicates" | "beside"> & {
    readonly table: Pick<FeatureTable, "ids"> & Partial<FeatureTable>;
  },
  { folds, foldsName = "fixed", group, seed, allowLeak = [] }: FoldPlan,
): CheckedSplits {
  const dataset = inTable(data);
  const splits =
    folds === "table" ? foldsOfTable(dataset, data.folds) : foldsFromSpec(folds, dataset, { seed, group });
  const spec = typeof folds === "string" ? folds : "";
  const sentence = group === "sentence" || group === "both" || /^(sentence|both)\b/.test(spec);
  const scaling = data.table.frames && tableScaling({ frames: data.table.frames });
  const fitted: FittedStep[] = scaling
    ? [{ what: `the table's ${scaling} scaling`, kind: "preprocessing", fittedOn: data.table.ids }]
    : [];
  const all = withBeside(dataset, splits, data.beside);
  const leaks = findLeaks(all.dataset, all.splits, { sentence, duplicates: data.duplicates, fitted });
  assertNoLeaks(leaks, allowLeak);
  const apart = group && group !== "speaker" ? `, ${group} apart` : "";
  const name = spec === "table" ? "the table's fold column" : spec || foldsName;
  return { splits, leaks, foldsName: `${name}${apart}` };
}
