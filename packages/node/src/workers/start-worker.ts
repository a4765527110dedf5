/** Starts this package's worker threads, from source, bundle or published package alike. */
import { Worker } from "node:worker_threads";

/**
 * Returns a new worker thread running `<name>-worker` of this folder.
 * Test runners execute the TypeScript source itself; there the thread loads `tsx` first.
 */
export function startWorker(name: string): Worker {
  const source = import.meta.url.endsWith(".ts");
  const url = new URL(`./${name}-worker.${source ? "ts" : "js"}`, import.meta.url);
  return new Worker(url, { execArgv: source ? ["--import", import.meta.resolve("tsx")] : [] });
}
