/** Utterances with their features, in the ways in which training and test hear them. */
import type { Beside } from "./beside.js";
import type { FeatureTable, FeatureView } from "./feature-table.js";
import type { Dataset } from "./utterance.js";

/** What a model is fitted on and tested on. */
export interface TrainingSet {
  /** All utterances that could be heard, those without a class or a value included. */
  readonly dataset: Dataset;
  /** The utterances that have what is learnt, as they were recorded: what reference profiles and speakers are learnt from; it need not be one of the views. */
  readonly table: FeatureTable;
  /** The same utterances as training hears them: one copy from each table. No test part is copied. */
  readonly train: readonly FeatureView[];
  /** The same utterances as a test hears them: what a model says is averaged over the tables, in an artifact too. */
  readonly test: readonly FeatureView[];
  /** What models learn from beside the training part, in folds and in the end; nobody is tested on it, and nothing else is taken from it. */
  readonly beside?: readonly Beside[] | undefined;
}

/** Returns the dataset of the utterances that have features, or are to get some. */
export function inTable(set: Pick<TrainingSet, "dataset"> & { table: Pick<FeatureTable, "ids"> }): Dataset {
  const ids = new Set(set.table.ids);
  return { ...set.dataset, utterances: set.dataset.utterances.filter(({ id }) => ids.has(id)) };
}
