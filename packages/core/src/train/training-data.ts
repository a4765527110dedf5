/** What a training run starts from, and what it needs from outside. */
import type { LabelMap } from "../data/label-map.js";
import type { TrainingSet } from "../data/training-set.js";
import type { DimensionName } from "../data/utterance.js";
import { UndertoneError } from "../errors.js";
import type { Adaptation } from "../evaluate/class-fold.js";
import type { FitContext } from "../learn/estimator.js";

/** A training set and what is to be learnt of it. */
export interface TrainingData extends TrainingSet {
  /** Id of the feature set. */
  readonly featureSet: string;
  /** Id of the corpus, such as `ravdess`, or the dataset's name. */
  readonly corpus: string;
  /** Without classes where values alone are learnt. */
  readonly labelMap: LabelMap;
  /** The values that are learnt, in their order; none for classes alone. */
  readonly values: readonly DimensionName[];
  /** Utterance id -> name of its fold, when a table file tells. */
  readonly folds?: ReadonlyMap<string, string> | undefined;
  /** Pairs of utterances whose features are equal to the last bit: one recording under two names. */
  readonly duplicates: readonly (readonly [string, string])[];
}

/** What a run takes from its caller: a way to stop, a way to let events in, a way to tell how far it is. */
export interface TrainingContext extends Pick<FitContext, "signal" | "pause"> {
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

/** @throws UndertoneError `learn/not-finite`: an artifact's features come from a recording, where none is missing. */
export function refuseMissing({ table: { frames, names } }: TrainingSet): void {
  const at = frames.data.findIndex(Number.isNaN);
  if (at < 0) return;
  throw new UndertoneError(
    "learn/not-finite",
    `The table misses a value of '${names[at % frames.cols]}', expected none for an artifact, which hears whole recordings; 'evaluate' takes such a table`,
  );
}

/** @throws UndertoneError `learn/not-finite` where speakers or collections are to be known by a table with missing values. */
export function refuseMissingSpeakers(
  { table }: Pick<TrainingSet, "table">,
  { adapt }: { readonly adapt?: Pick<Adaptation, "to"> | undefined },
): void {
  if (!adapt || !table.frames.data.some(Number.isNaN)) return;
  throw new UndertoneError(
    "learn/not-finite",
    `Adaptation got a table with missing values, expected none: what is known of a ${adapt.to ?? "speaker"} needs them all`,
  );
}
