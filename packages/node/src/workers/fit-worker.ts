/** The thread that fits and scores models of a search; one trial at a time. */
import { parentPort, workerData } from "node:worker_threads";
import { runTrial, UndertoneError } from "@undertone/core";
import type { FitJob, FitReply, FitWorkerData } from "./fit-job.js";

const port = parentPort;
if (port === null) throw new Error("fit-worker is a worker thread, not a program");
const { data } = workerData as FitWorkerData;

port.on("message", async (trial: FitJob) => {
  const reply = await runTrial(data, trial).then(
    (result): FitReply => ({ kind: "done", result }),
    (error: unknown): FitReply => ({
      kind: "failed",
      code: error instanceof UndertoneError ? error.code : null,
      message: error instanceof Error ? error.message : String(error),
    }),
  );
  port.postMessage(reply);
});
