/** K folds of utterances in the order of the dataset, with and without regard to classes: they leak speakers. */
import type { Split } from "../split.js";
import type { Dataset } from "../utterance.js";
import { checkFoldCount, foldNames } from "./groups.js";
import type { SplitMaker } from "./split-maker.js";

/** Returns the splits that test on each fold, where `foldOf[i]` is the fold of utterance i. */
function splitsByFold({ utterances }: Dataset, foldOf: ArrayLike<number>, folds: number): Split[] {
  return foldNames(folds).map((name, f) => ({
    name,
    train: utterances.filter((_, i) => foldOf[i] !== f).map(({ id }) => id),
    dev: [],
    test: utterances.filter((_, i) => foldOf[i] === f).map(({ id }) => id),
  }));
}

/** Returns the sizes of `folds` parts of `count` things, the first ones larger by one where it does not come out even. */
function evenSizes(count: number, folds: number): number[] {
  return Array.from({ length: folds }, (_, f) => Math.floor(count / folds) + (f < count % folds ? 1 : 0));
}

/**
 * Returns `folds` splits of the utterances in their order, as scikit-learn's KFold.
 * @throws UndertoneError `split/invalid` when there are fewer utterances than folds.
 */
export function consecutiveFolds(dataset: Dataset, folds: number): Split[] {
  const count = dataset.utterances.length;
  checkFoldCount(folds, count, "utterance");
  const foldOf = evenSizes(count, folds).flatMap((size, f) => new Array<number>(size).fill(f));
  return splitsByFold(dataset, foldOf, folds);
}

/**
 * Returns `folds` splits of the utterances in their order, class by class, as scikit-learn's StratifiedKFold: each fold has of each class as many
 * as the others, or one more.
 * @throws UndertoneError `split/invalid` when there are fewer utterances than folds.
 */
export function stratifiedFolds(dataset: Dataset, folds: number): Split[] {
  const { utterances } = dataset;
  checkFoldCount(folds, utterances.length, "utterance");
  const byClass = new Map<string, number[]>();
  utterances.forEach(({ label = "" }, i) => {
    const own = byClass.get(label);
    if (own) own.push(i);
    else byClass.set(label, [i]);
  });
  const foldOf = new Int32Array(utterances.length);
  // All utterances sorted by class are dealt out in turn: that tells how many of a class each fold gets.
  let dealt = 0;
  for (const own of byClass.values()) {
    const shares = new Int32Array(folds);
    for (let t = 0; t < own.length; t++) shares[dealt++ % folds]++;
    let at = 0;
    shares.forEach((share, f) => {
      for (let t = 0; t < share; t++) foldOf[own[at++]] = f;
    });
  }
  return splitsByFold(dataset, foldOf, folds);
}

export const inOrder: SplitMaker = {
  id: "kfold",
  group: "none",
  folds: "needed",
  make: (dataset, { folds }) => consecutiveFolds(dataset, folds!),
};

export const byClass: SplitMaker = {
  id: "stratified",
  group: "none",
  folds: "needed",
  make: (dataset, { folds }) => stratifiedFolds(dataset, folds!),
};
