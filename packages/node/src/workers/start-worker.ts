/** Starts this package's worker threads, from source, bundle or published package alike. */
import { Worker, type WorkerOptions } from "node:worker_threads";
import { refuseTelemetry } from "../runtime/no-telemetry.js";

/**
 * Returns a new worker thread running `<name>-worker` of this folder.
 * Test runners execute the TypeScript source itself; there the thread loads `tsx` first.
 */
export function startWorker(
  name: string,
  options: Pick<WorkerOptions, "resourceLimits" | "workerData"> = {},
): Worker {
  refuseTelemetry();
  const source = import.meta.url.endsWith(".ts");
  const url = new URL(`./${name}-worker.${source ? "ts" : "js"}`, import.meta.url);
  if (!source) return new Worker(url, options);
  // `--import tsx` alone registers nothing in a thread of Node 20.
  const register = `import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))}; register();`;
  const loader = `data:text/javascript,${encodeURIComponent(register)}`;
  return new Worker(url, { ...options, execArgv: ["--import", loader] });
}
