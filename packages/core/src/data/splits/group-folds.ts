/** K folds of unseen speakers without chance: alike in size, or alike in classes. */
import type { Split } from "../split.js";
import type { Dataset } from "../utterance.js";
import { checkFoldCount, classCounts, dealGroups, foldNames, groupsOf, splitsByGroup } from "./groups.js";
import type { SplitMaker } from "./split-maker.js";

/**
 * Returns `folds` splits of unseen speakers: those with most utterances first, each to the fold that has fewest, as scikit-learn's GroupKFold.
 * @throws UndertoneError `split/too-few-speakers`.
 */
export function groupFolds(dataset: Dataset, folds: number): Split[] {
  const names = groupsOf(dataset, "speaker");
  checkFoldCount(folds, names.length, "speaker");
  const sizes = new Map(names.map((name) => [name, 0]));
  for (const { speaker } of dataset.utterances) sizes.set(speaker, sizes.get(speaker)! + 1);
  // Of equal ones the last first: numpy sorts ascending and is read backwards.
  const order = names.map((_, i) => i).sort((a, b) => sizes.get(names[b])! - sizes.get(names[a])! || b - a);
  const filled = new Float64Array(folds);
  const groups: string[][] = Array.from({ length: folds }, () => []);
  for (const i of order) {
    const fold = filled.indexOf(Math.min(...filled));
    groups[fold].push(names[i]);
    filled[fold] += sizes.get(names[i])!;
  }
  return splitsByGroup(dataset, "speaker", groups, foldNames(folds));
}

/**
 * Returns `folds` splits of unseen speakers with classes as alike as they go, as scikit-learn's StratifiedGroupKFold without shuffling; a fold may
 * stay empty where speakers are few. `speakerFolds` fills each, and balances sex as well.
 * @throws UndertoneError `split/too-few-speakers`.
 */
export function stratifiedGroupFolds(dataset: Dataset, folds: number): Split[] {
  const names = groupsOf(dataset, "speaker");
  checkFoldCount(folds, names.length, "speaker");
  const { dense, order } = classCounts(dataset, "speaker", { names, withSex: false });
  const groups = dealGroups(dense, order, { folds, fillEach: false, near: 1e-5 });
  return splitsByGroup(
    dataset,
    "speaker",
    groups.map((own) => own.map((i) => names[i])),
    foldNames(folds),
  );
}

export const bySpeakerSize: SplitMaker = {
  id: "group",
  group: "speaker",
  folds: "needed",
  make: (dataset, { folds }) => groupFolds(dataset, folds!),
};

export const bySpeakerClasses: SplitMaker = {
  id: "stratified-group",
  group: "speaker",
  folds: "needed",
  make: (dataset, { folds }) => stratifiedGroupFolds(dataset, folds!),
};
