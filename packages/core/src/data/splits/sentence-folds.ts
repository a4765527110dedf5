/** K folds of unseen sentences. */
import type { Split } from "../split.js";
import type { Dataset } from "../utterance.js";
import { balancedGroups, checkFoldCount, foldNames, groupsOf, splitsByGroup } from "./groups.js";
import type { SplitMaker } from "./split-maker.js";

/**
 * Returns `folds` splits that test on unseen sentences; the speakers are in both parts, which the leak gate reports.
 * @throws UndertoneError `split/invalid` when there are fewer sentences than folds, or an utterance has none.
 */
export function sentenceFolds(dataset: Dataset, folds: number, seed: number): Split[] {
  checkFoldCount(folds, groupsOf(dataset, "sentence").length, "sentence");
  return splitsByGroup(
    dataset,
    "sentence",
    balancedGroups(dataset, "sentence", folds, seed),
    foldNames(folds),
  );
}

export const bySentence: SplitMaker = {
  id: "sentence",
  group: "sentence",
  folds: "needed",
  make: (dataset, { folds, seed }) => sentenceFolds(dataset, folds!, seed),
};
