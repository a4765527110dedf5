/** The thread that has a page's model: cancelled, late or crashed work costs that work alone, for the next request gets a new thread. */
import { UndertoneError } from "@undertone/core/errors";
import { ThreadPool, type ThreadReply } from "@undertone/core/threads";
import type { CallWorker, WorkerAnswer, WorkerOpening, WorkerRequest } from "./worker-messages.js";

/** How long a cancelled request may go on: what is short comes to its end, which costs less than a new worker. */
const graceSeconds = 0.4;

/** What a page asks of its worker. */
export interface RecognizerThread {
  readonly call: CallWorker;
  close(): void;
}

/** Returns the thread; the worker starts with the first call and opens the model before it answers. */
export function recognizerThread(opening: WorkerOpening, timeoutSeconds: number): RecognizerThread {
  const pool = new ThreadPool<WorkerRequest, WorkerAnswer>({
    threads: 1,
    start({ replied, died }) {
      const worker = new Worker(new URL("./recognizer-worker.js", import.meta.url), { type: "module" });
      worker.addEventListener("message", ({ data }: MessageEvent<ThreadReply<WorkerAnswer>>) =>
        replied(data),
      );
      worker.addEventListener("error", ({ message }) => died(message));
      worker.postMessage(opening);
      return { send: (request) => worker.postMessage(request), end: () => worker.terminate() };
    },
    lost: ({ how, cause }) => ({
      error:
        how === "late"
          ? new UndertoneError(
              "audio/timeout",
              `The audio took longer than the limit of ${timeoutSeconds} seconds`,
            )
          : new UndertoneError(
              "runtime/unavailable",
              `The recognizer's worker failed: ${cause || "it did not load"}`,
            ),
      all: false,
    }),
    limit: {
      seconds: timeoutSeconds,
      graceSeconds,
      after(seconds, act) {
        const timer = setTimeout(act, seconds * 1000);
        return () => clearTimeout(timer);
      },
    },
  });
  return {
    // Copied now: the page may change its samples while the request waits for its turn.
    call: async (name, request, signal) =>
      pool.run({ name, request: structuredClone(request) } as WorkerRequest, signal),
    close: () => void pool.close(new UndertoneError("cancelled", "The recognizer is closed")),
  };
}
