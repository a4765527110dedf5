/** From a fold spec to splits that passed the leak gate, or that leak because that was asked for by name. */

import { readFile } from "node:fs/promises";
import {
  type Dataset,
  findLeaks,
  foldsFromSpec,
  type Leak,
  listChoices,
  mapLabel,
  type Split,
  UndertoneError,
} from "@undertone/core";
import type { LoadedData, RunHooks } from "./load-data.js";

/** How a run is split. */
export interface SplitPlan {
  /** `loso`, `speaker:K`, `sentence:K`, `random:K`, a file of folds, or `table`. */
  readonly folds: string;
  readonly group?: "speaker" | "sentence" | "both";
  readonly seed: number;
  /** Kinds of leak that are asked for by name. */
  readonly allowLeak?: readonly string[];
}

/** Splits with the leaks that remain in them. */
export interface CheckedSplits {
  readonly splits: readonly Split[];
  readonly leaks: readonly Leak[];
  readonly foldsName: string;
}
