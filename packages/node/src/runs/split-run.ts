/** From a fold spec or a file of folds to splits that passed the leak gate. */

import { basename } from "node:path";
import { type Folds, parseFolds } from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import { type CheckedSplits, checkedSplits } from "@undertone/core/train";
import { readInput } from "../io/read-input.js";
import type { ListedData } from "./load-data.js";

/** How a run is split. */
export interface SplitPlan {
  /** `loso`, `speaker:K`, `sentence:K`, `both:K`, `random:K`, a file of folds, or `table` for the table's own column. */
  readonly folds: string;
  readonly group?: "speaker" | "sentence" | "both" | undefined;
  readonly seed: number;
  /** Kinds of leak that are asked for by name. */
  readonly allowLeak?: readonly string[] | undefined;
}

/** Returns the folds in a file. @throws UndertoneError `file/*`, `split/invalid`. */
async function readFolds(path: string, corpus: string): Promise<Folds> {
  const text = new TextDecoder().decode(await readInput(path));
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new UndertoneError("split/invalid", `Bad fold file '${path}': ${(error as Error).message}`, {
      cause: error,
    });
  }
  return parseFolds(
    document,
    typeof document === "object" && document !== null && corpus in document ? corpus : undefined,
  );
}

/** Returns the splits, and the leaks in them that were allowed. @throws UndertoneError `file/*`, and as `checkedSplits`. */
export async function splitData(
  data: Omit<ListedData, "labelMap" | "values">,
  plan: SplitPlan,
): Promise<CheckedSplits> {
  const { folds } = plan;
  if (!folds.toLowerCase().endsWith(".json")) return checkedSplits(data, plan);
  return checkedSplits(data, {
    ...plan,
    folds: await readFolds(folds, data.corpus),
    foldsName: basename(folds),
  });
}
