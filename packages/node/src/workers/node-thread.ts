/** The two ends of a worker thread of Node: as a pool sees it, and as its own code does. */
import { parentPort, type Worker } from "node:worker_threads";
import { replyTo, type Thread, type ThreadEvents, type ThreadReply } from "@undertone/core/threads";

/** Returns the worker as a thread of a `ThreadPool`. An idle one does not keep the process alive. */
export function nodeThread<Job, Answer>(
  worker: Worker,
  { replied, died }: ThreadEvents<Answer>,
): Thread<Job> {
  worker
    .on("message", replied)
    .on("error", died)
    .on("exit", (code) => died(new Error(`the thread ended with code ${code}`)));
  return {
    send: (job) => worker.postMessage(job),
    end: () => worker.terminate(),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
  };
}

/** Inside a worker: says that it runs, then answers each job; what `handOver` names goes to the other thread without being copied. */
export function answerJobs<Job, Answer>(
  work: (job: Job) => Promise<Answer>,
  handOver: (answer: Answer) => Float32Array | undefined = () => undefined,
): void {
  const port = parentPort;
  if (port === null) throw new Error("This is a worker thread, not a program");
  port.on("message", async (job: Job) => {
    const reply = await replyTo(() => work(job));
    const handed = reply.kind === "answer" ? handOver(reply.answer) : undefined;
    port.postMessage(reply, handed ? [handed.buffer as ArrayBuffer] : []);
  });
  port.postMessage({ kind: "running" } satisfies ThreadReply<Answer>);
}
