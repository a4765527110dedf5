/** What training runs of classes and of values have in common: where they write, and what they cannot learn from. */
import {
  type ArtifactDescription,
  anyFeatureSet,
  type EvaluationResult,
  isEncoderSet,
  UndertoneError,
} from "@undertone/core";
import { withOrigins } from "../encoders/encoder-store.js";
import type { BrokenFile } from "./extract-table.js";
import type { LoadedData } from "./load-data.js";

/** Where a run's files go, and what they are called. */
export interface TrainingOutput {
  /** The artifact's path; the report's is the same with `.html`. */
  readonly out: string;
  readonly title?: string;
  /** The command that repeats the run, for the report. */
  readonly command?: string | undefined;
  /** Called with the evaluation of classes before anything is written; throws to refuse it. */
  readonly check?: (result: EvaluationResult) => void;
}

/** What a training run wrote. */
export interface TrainedFiles {
  readonly out: string;
  readonly report: string;
  /** Length of the artifact. */
  readonly bytes: number;
  readonly broken: readonly BrokenFile[];
}

/** @throws UndertoneError `learn/not-finite`: an artifact's features come from a recording, where none is missing. */
export function refuseMissing({ table: { frames, names } }: LoadedData): void {
  const at = frames.data.findIndex(Number.isNaN);
  if (at < 0) return;
  throw new UndertoneError(
    "learn/not-finite",
    `The table misses a value of '${names[at % frames.cols]}', expected none for an artifact, which hears whole recordings; 'evaluate' takes such a table`,
  );
}

/** Returns the feature set as an artifact describes it: with where its networks came from, as far as that is known. */
export async function describedFeatures(id: string): Promise<ArtifactDescription["featureSet"]> {
  const set = anyFeatureSet(id);
  return isEncoderSet(set) ? { ...set, files: await withOrigins(set.files) } : set;
}
