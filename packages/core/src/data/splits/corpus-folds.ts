/** Training on some corpora, testing on another that is not looked at. */
import { UndertoneError } from "../../errors.js";
import type { Split } from "../split.js";
import type { Dataset } from "../utterance.js";
import type { SplitMaker } from "./split-maker.js";

/**
 * Returns one split for each corpus of the dataset (an utterance's attribute `corpus`), or for the named one only, that tests on it and
 * trains on all others; named `to-CORPUS`.
 * @throws UndertoneError `split/invalid` for fewer than two corpora, an utterance without one, or a name that no utterance has.
 */
export function corpusFolds({ name, utterances }: Dataset, only?: string): Split[] {
  const remedy =
    "folders or lists side by side, each a corpus ('--data A --data B'), or a list with a column 'corpus'";
  const without = utterances.find(({ attributes }) => attributes.corpus === undefined);
  if (without)
    throw new UndertoneError(
      "split/invalid",
      `Cannot split '${name}' by corpus: '${without.id}' has no corpus, expected ${remedy}`,
    );
  const corpora = [...new Set(utterances.map(({ attributes }) => attributes.corpus!))].sort();
  if (corpora.length < 2 || (only !== undefined && !corpora.includes(only))) {
    throw new UndertoneError(
      "split/invalid",
      `Cannot test '${name}' on ${only === undefined ? "unseen corpora" : `the corpus '${only}'`}: it has ${corpora.join(" and ")}, expected at least two corpora${only === undefined ? "" : ", that one among them"}: ${remedy}`,
    );
  }
  return (only === undefined ? corpora : [only]).map((tested) => {
    const ids = (inside: boolean): string[] =>
      utterances.filter(({ attributes }) => (attributes.corpus === tested) === inside).map(({ id }) => id);
    return { name: `to-${tested}`, train: ids(false), dev: [], test: ids(true) };
  });
}

export const byCorpus: SplitMaker = {
  id: "corpus",
  group: "speaker",
  folds: "named",
  make: (dataset, { name }) => corpusFolds(dataset, name),
};
