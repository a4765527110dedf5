/** Does the trials of a search on worker threads. */
import type { FeatureTable, FeatureView } from "@undertone/core/data";
import type { Trial, TrialData, TrialResult } from "@undertone/core/evaluate";
import { matrix } from "@undertone/core/math";
import { ThreadPool } from "@undertone/core/threads";
import { nodeThread } from "./node-thread.js";
import { startWorker } from "./start-worker.js";

/** Returns the table with its numbers in memory that all threads see. */
function sharedTable(table: FeatureTable): FeatureTable {
  const { data, rows, cols } = table.frames;
  const shared = new Float32Array(new SharedArrayBuffer(data.byteLength));
  shared.set(data);
  return { ...table, frames: matrix(rows, cols, shared) };
}

/** Returns the data with shared tables, each of them once, as the threads get them. */
export function sharedData(data: TrialData): TrialData {
  const known = new Map<FeatureTable, FeatureTable>();
  const once = (table: FeatureTable): FeatureTable => {
    const made = known.get(table) ?? sharedTable(table);
    known.set(table, made);
    return made;
  };
  const views = (given: readonly FeatureView[]): FeatureView[] =>
    given.map((view) => ({ ...view, table: once(view.table) }));
  return { ...data, table: once(data.table), train: views(data.train), test: views(data.test) };
}

/** Returns threads that do one trial each at a time. One that dies takes the search with it: its trials would be missing. */
export function trialPool(data: TrialData, { threads }: { threads: number }): ThreadPool<Trial, TrialResult> {
  const workerData = sharedData(data);
  return new ThreadPool({
    threads,
    start: (events) => nodeThread(startWorker("fit", { workerData }), events),
    lost: ({ cause }) => ({ error: cause instanceof Error ? cause : new Error(String(cause)), all: true }),
  });
}
