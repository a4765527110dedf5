/** Does the trials of a search on worker threads. */
import type { Worker } from "node:worker_threads";
import {
  type FeatureTable,
  type HeardTable,
  matrix,
  type Trial,
  type TrialData,
  type TrialResult,
  UndertoneError,
} from "@undertone/core";
import type { FitReply, FitWorkerData } from "./fit-job.js";
import { startWorker } from "./start-worker.js";

interface Task {
  readonly trial: Trial;
  resolve(result: TrialResult): void;
  reject(error: Error): void;
}

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
  const heard = (tables: readonly HeardTable[]): HeardTable[] =>
    tables.map((one) => ({ ...one, table: once(one.table) }));
  return {
    ...data,
    table: once(data.table),
    ...(data.trainHeard && { trainHeard: heard(data.trainHeard) }),
    ...(data.testHeard && { testHeard: heard(data.testHeard) }),
  };
}

/** Threads that do one trial each at a time; they start when there is work. */
export class TrialPool {
  readonly #data: FitWorkerData;
  readonly #threads: number;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Task>();
  readonly #queue: Task[] = [];
  #stopped: Error | undefined;

  constructor(data: TrialData, { threads }: { threads: number }) {
    this.#data = { data: sharedData(data) };
    this.#threads = threads;
  }

  /** Resolves to what the trial found. @throws UndertoneError as `runTrial`; `cancelled` when the pool is closed first. */
  run(trial: Trial): Promise<TrialResult> {
    if (this.#stopped) return Promise.reject(this.#stopped);
    return new Promise((resolve, reject) => {
      this.#queue.push({ trial, resolve, reject });
      this.#dispatch();
    });
  }

  /** Stops all threads; work that is not finished fails with `cancelled`, or with the error that is given. */
  async close(error: Error = new UndertoneError("cancelled", "The search was cancelled")): Promise<void> {
    this.#stopped ??= error;
    for (const task of [...this.#queue.splice(0), ...this.#busy.values()]) task.reject(error);
    const workers = [...this.#idle.splice(0), ...this.#busy.keys()];
    this.#busy.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && (this.#idle.length > 0 || this.#busy.size < this.#threads)) {
      const task = this.#queue.shift()!;
      const worker = this.#idle.pop() ?? this.#start();
      this.#busy.set(worker, task);
      worker.postMessage(task.trial);
    }
  }

  #start(): Worker {
    const worker = startWorker("fit", { workerData: this.#data });
    worker.on("message", (reply: FitReply) => {
      const task = this.#busy.get(worker);
      if (!task) return;
      this.#busy.delete(worker);
      this.#idle.push(worker);
      if (reply.kind === "done") task.resolve(reply.result);
      else
        task.reject(
          reply.code === null ? new Error(reply.message) : new UndertoneError(reply.code, reply.message),
        );
      this.#dispatch();
    });
    // One thread that dies takes the search with it: its trials would be missing.
    const died = (error: Error): void => {
      if (this.#busy.has(worker)) void this.close(error);
    };
    worker.on("error", died);
    worker.on("exit", (code) => died(new Error(`A thread of the search ended with code ${code}`)));
    return worker;
  }
}
