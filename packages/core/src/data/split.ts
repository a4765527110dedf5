/** Which utterances are learnt from, tuned on and tested on. */

/** One split of a dataset by utterance id; the parts have no id in common. */
export interface Split {
  /** Name such as `fold-1` or `speaker-03`. */
  readonly name: string;
  readonly train: readonly string[];
  /** For choices (early stopping, calibration); empty when nothing is chosen. */
  readonly dev: readonly string[];
  readonly test: readonly string[];
}
