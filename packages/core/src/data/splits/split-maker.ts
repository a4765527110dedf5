/** What a split maker is. */
import type { Split } from "../split.js";
import type { Dataset } from "../utterance.js";

/** A way to make splits; adding one is one file and one line in `split-makers.ts`. */
export interface SplitMaker {
  /** The word in a spec such as `speaker:6`. */
  readonly id: string;
  /** What no test part shares with its training part. */
  readonly group: "speaker" | "sentence" | "both" | "none";
  /** Whether a number of folds, or a name, may follow the word. */
  readonly folds: "none" | "needed" | "optional" | "named";
  /** Returns splits whose test parts hold each utterance once; deterministic for a seed. `folds` and `name` are absent when the spec has none. */
  make(
    dataset: Dataset,
    options: {
      readonly folds?: number | undefined;
      readonly name?: string | undefined;
      readonly seed: number;
    },
  ): Split[];
}
