/** K folds of unseen speakers. */
import type { Split } from "../split.js";
import type { Dataset } from "../utterance.js";
import { balancedGroups, checkFoldCount, foldNames, groupsOf, splitsByGroup } from "./groups.js";
import type { SplitMaker } from "./split-maker.js";

/**
 * Returns `folds` splits that test on unseen speakers, balanced by classes and sex.
 * @throws UndertoneError `split/too-few-speakers` when there are fewer speakers than folds or only one.
 */
export function speakerFolds(dataset: Dataset, folds: number, seed: number): Split[] {
  checkFoldCount(folds, groupsOf(dataset, "speaker").length, "speaker");
  return splitsByGroup(dataset, "speaker", balancedGroups(dataset, "speaker", folds, seed), foldNames(folds));
}

export const bySpeaker: SplitMaker = {
  id: "speaker",
  group: "speaker",
  folds: "needed",
  make: (dataset, { folds, seed }) => speakerFolds(dataset, folds!, seed),
};
