/** K random folds: the negative control, which leaks speakers and sentences. */
import { random } from "../../math/random.js";
import type { Split } from "../split.js";
import type { Dataset } from "../utterance.js";
import { checkFoldCount, foldNames } from "./groups.js";
import type { SplitMaker } from "./split-maker.js";

/**
 * Returns `folds` splits of utterances drawn at random, class by class. Test speakers are in training too: this measures memory.
 * @throws UndertoneError `split/invalid` when there are fewer utterances than folds.
 */
export function randomFolds(dataset: Dataset, folds: number, seed: number): Split[] {
  checkFoldCount(folds, dataset.utterances.length, "utterance");
  const byClass = new Map<string, string[]>();
  for (const { id, label = "" } of dataset.utterances) {
    const ids = byClass.get(label);
    if (ids) ids.push(id);
    else byClass.set(label, [id]);
  }
  const foldOf = new Map<string, number>();
  let next = 0;
  for (const label of [...byClass.keys()].sort()) {
    for (const id of random(seed).fork(`random folds ${label}`).shuffle(byClass.get(label)!))
      foldOf.set(id, next++ % folds);
  }
  return foldNames(folds).map((name, f) => ({
    name,
    train: dataset.utterances.filter(({ id }) => foldOf.get(id) !== f).map(({ id }) => id),
    dev: [],
    test: dataset.utterances.filter(({ id }) => foldOf.get(id) === f).map(({ id }) => id),
  }));
}

export const atRandom: SplitMaker = {
  id: "random",
  group: "none",
  folds: "needed",
  make: (dataset, { folds, seed }) => randomFolds(dataset, folds!, seed),
};
