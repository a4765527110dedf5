/** Holds the order of jobs, their limits and what becomes of lost threads; the threads here are promises. */
import { describe, expect, it } from "vitest";
import { errorFromPlain, errorToPlain, UndertoneError } from "../errors.js";
import { type LostThread, replyTo, ThreadPool, type ThreadPoolOptions } from "./thread-pool.js";

type Work = () => Promise<string>;

/** Threads that do the work that they are sent, and how many were started and ended. */
function pool(options: Partial<ThreadPoolOptions<Work, string>> = {}) {
  const count = { started: 0, ended: 0 };
  const lost = ({ how, cause }: LostThread<Work>) => ({
    error: new Error(`${how} ${cause ?? ""}`),
    all: false,
  });
  const threads = new ThreadPool<Work, string>({
    threads: 2,
    lost,
    start({ replied, died }) {
      count.started++;
      queueMicrotask(() => replied({ kind: "running" }));
      return {
        async send(work) {
          const reply = await replyTo(work);
          if (reply.kind === "failed" && reply.error.message === "crash") died("of it");
          else replied(reply);
        },
        end: () => count.ended++,
      };
    },
    ...options,
  });
  return { threads, count };
}

const never = (): Promise<string> => new Promise(() => undefined);
const after = (seconds: number, act: () => void) => {
  const timer = setTimeout(act, seconds * 1000);
  return () => clearTimeout(timer);
};

describe("ThreadPool", () => {
  it("does each job once, in order, on no more threads than it may", async () => {
    const { threads, count } = pool();
    const begun: number[] = [];
    const jobs = Array.from({ length: 9 }, (_, i) =>
      threads.run(async () => {
        begun.push(i);
        return `${i}`;
      }),
    );
    expect(await Promise.all(jobs)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(count).toEqual({ started: 2, ended: 0 });
    await threads.close();
    expect(count.ended).toBe(2);
  });

  it("rejects with the error of the job, code and details included, and works on", async () => {
    const { threads } = pool();
    const failure = new UndertoneError("audio/empty", "Nothing", { details: { file: "a" } });
    await expect(threads.run(() => Promise.reject(failure))).rejects.toEqual(failure);
    await expect(threads.run(() => Promise.reject("plain"))).rejects.toEqual(new Error("plain"));
    expect(await threads.run(async () => "on")).toBe("on");
  });

  it("replaces a thread that crashed or was late", async () => {
    const { threads, count } = pool({ threads: 1, limit: { seconds: 0.01, after } });
    const all = await Promise.allSettled([
      threads.run(() => Promise.reject(new Error("crash"))),
      threads.run(never),
      threads.run(async () => "on"),
    ]);
    expect(all).toMatchObject([
      { reason: { message: "crashed of it" } },
      { reason: { message: "late " } },
      { value: "on" },
    ]);
    expect(count).toEqual({ started: 3, ended: 2 });
  });

  it("fails all work, and all that comes, where the loss of one thread is that of all", async () => {
    const error = new Error("lost");
    const { threads, count } = pool({ lost: () => ({ error, all: true }) });
    const jobs = [
      threads.run(never),
      threads.run(() => Promise.reject(new Error("crash"))),
      threads.run(never),
    ];
    for (const outcome of await Promise.allSettled(jobs)) expect(outcome).toMatchObject({ reason: error });
    await expect(threads.run(async () => "on")).rejects.toBe(error);
    expect(count).toEqual({ started: 2, ended: 2 });
  });

  it("ends an idle thread that failed, once, and starts another", async () => {
    let ended = 0;
    const fail: (() => void)[] = [];
    const { threads } = pool({
      threads: 1,
      start({ replied, died }) {
        fail.push(() => died("between jobs"));
        return { send: async (work) => replied(await replyTo(work)), end: () => ended++ };
      },
    });
    expect(await threads.run(async () => "one")).toBe("one");
    fail[0]!();
    fail[0]!();
    expect(ended).toBe(1);
    expect(await threads.run(async () => "two")).toBe("two");
    await threads.close();
    expect([fail.length, ended]).toEqual([2, 2]);
  });

  it("rejects a job that cannot be sent, and keeps its thread for the next", async () => {
    const clock = { armed: 0, disarmed: 0 };
    const { threads, count } = pool({
      threads: 1,
      limit: {
        seconds: 1,
        after: () => {
          clock.armed++;
          return () => clock.disarmed++;
        },
      },
      start: ({ replied }) => {
        count.started++;
        return {
          send(work) {
            if (work === never) throw new DOMException("It cannot be cloned", "DataCloneError");
            void replyTo(work).then(replied);
          },
          end: () => count.ended++,
        };
      },
    });
    const jobs = [threads.run(never), threads.run(async () => "on")];
    expect(await Promise.allSettled(jobs)).toMatchObject([
      { reason: { name: "DataCloneError" } },
      { value: "on" },
    ]);
    expect(count).toEqual({ started: 1, ended: 0 });
    expect(clock).toEqual({ armed: 2, disarmed: 2 });
  });

  it("stops a job by its signal, waiting or under way, and no other", async () => {
    const { threads, count } = pool({ threads: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const jobs = Promise.allSettled([
      threads.run(never, first.signal),
      threads.run(never, second.signal),
      threads.run(async () => "on"),
    ]);
    second.abort();
    first.abort();
    const cancelled = { reason: { code: "cancelled" } };
    expect(await jobs).toMatchObject([cancelled, cancelled, { value: "on" }]);
    await expect(threads.run(never, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
    expect(count).toEqual({ started: 2, ended: 1 });
  });

  it("holds a thread for one holder, whose jobs each have the limit, until it is released", async () => {
    const { threads, count } = pool({ threads: 1, limit: { seconds: 0.05, after } });
    const held = await threads.hold();
    let isDone = false;
    const other = threads
      .run(async () => "other")
      .then((answer) => {
        isDone = true;
        return answer;
      });
    for (let i = 0; i < 4; i++) {
      expect(await held.run(() => new Promise((resolve) => setTimeout(() => resolve(`${i}`), 20)))).toBe(
        `${i}`,
      );
    }
    await expect(held.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(isDone).toBe(false);
    held.release();
    expect(await other).toBe("other");
    await expect(held.run(async () => "late")).rejects.toMatchObject({ code: "cancelled" });
    expect(count).toEqual({ started: 1, ended: 0 });
  });

  it("ends a held thread that is late, crashes, is aborted or released at work, and works on", async () => {
    const { threads, count } = pool({ threads: 1, limit: { seconds: 0.02, after } });
    const late = await threads.hold();
    await expect(late.run(never)).rejects.toThrow("late");
    await expect(late.run(async () => "on")).rejects.toThrow("late");
    late.release();
    const crashed = await threads.hold();
    await expect(crashed.run(() => Promise.reject(new Error("crash")))).rejects.toThrow("crashed of it");
    const control = new AbortController();
    const aborted = await threads.hold(control.signal);
    const waiting = threads.hold(control.signal);
    const work = aborted.run(never);
    control.abort();
    for (const outcome of await Promise.allSettled([work, waiting, aborted.run(never)]))
      expect(outcome).toMatchObject({ reason: { code: "cancelled" } });
    const released = await threads.hold();
    const unfinished = released.run(never);
    await expect(released.run(never)).rejects.toThrow(TypeError);
    released.release();
    await expect(unfinished).rejects.toMatchObject({ code: "cancelled" });
    const closed = await threads.hold();
    const queued = threads.run(async () => "on").catch((error: { code: string }) => error.code);
    await threads.close();
    expect(await queued).toBe("cancelled");
    await expect(closed.run(never)).rejects.toMatchObject({ code: "cancelled" });
    expect(count.started).toBe(count.ended);
  });

  it("listens once to a signal that many jobs share, and not at all when they are done", async () => {
    const { threads } = pool();
    let listeners = 0;
    const signal = {
      aborted: false,
      addEventListener: () => void listeners++,
      removeEventListener: () => void listeners--,
    };
    const jobs = Array.from({ length: 50 }, () => threads.run(async () => "done", signal));
    expect(listeners).toBe(1);
    await Promise.all(jobs);
    expect(listeners).toBe(0);
  });

  it("starts no thread for jobs that the same signal cancels", async () => {
    const { threads, count } = pool({ threads: 2 });
    const control = new AbortController();
    const jobs = Array.from({ length: 50 }, () => threads.run(never, control.signal));
    control.abort();
    for (const { status } of await Promise.allSettled(jobs)) expect(status).toBe("rejected");
    expect(count).toEqual({ started: 2, ended: 2 });
  });
});

describe("the limit of a ThreadPool", () => {
  /** A pool of one thread whose clock and replies the test works. */
  function slow(graceSeconds?: number) {
    const armed = new Map<() => void, number>();
    const threads: { run(): void; reply(answer: string): void; ended: boolean }[] = [];
    const { threads: jobs } = pool({
      threads: 1,
      limit: {
        seconds: 9,
        ...(graceSeconds === undefined ? {} : { graceSeconds }),
        after(seconds, act) {
          armed.set(act, seconds);
          return () => armed.delete(act);
        },
      },
      start({ replied }) {
        const thread = {
          run: () => replied({ kind: "running" }),
          reply: (answer: string) => replied({ kind: "answer", answer }),
          ended: false,
        };
        threads.push(thread);
        return {
          send: () => undefined,
          end() {
            thread.ended = true;
          },
        };
      },
    });
    return { jobs, threads, armed };
  }

  it("counts anew once a new thread runs, so that its start takes nothing from the work", async () => {
    const { jobs, threads, armed } = slow();
    const job = jobs.run(never);
    const [[first]] = armed;
    threads[0]!.run();
    expect([...armed.values()]).toEqual([9]);
    expect(armed.has(first)).toBe(false);
    threads[0]!.run();
    expect(armed.size).toBe(1);
    threads[0]!.reply("done");
    expect(await job).toBe("done");
    expect(armed.size).toBe(0);
  });

  it("lets a thread come to the end of a cancelled job within its grace, and does the next one there", async () => {
    const { jobs, threads, armed } = slow(0.3);
    const stop = new AbortController();
    const outcome = Promise.allSettled([jobs.run(never, stop.signal)]);
    const next = jobs.run(never);
    threads[0]!.run();
    stop.abort();
    expect(await outcome).toMatchObject([{ reason: { code: "cancelled" } }]);
    expect([...armed.values()]).toEqual([0.3]);
    threads[0]!.reply("too late");
    expect([...armed.values()]).toEqual([9]);
    threads[0]!.reply("done");
    expect(await next).toBe("done");
    expect(threads).toHaveLength(1);
  });

  it("ends a thread that does not, and starts another for the next job", async () => {
    const { jobs, threads, armed } = slow(0.3);
    const stop = new AbortController();
    const outcome = Promise.allSettled([jobs.run(never, stop.signal)]);
    const next = jobs.run(never);
    stop.abort();
    expect([...armed.values()]).toEqual([9]); // it is still loading, which the next job needs too
    threads[0]!.run();
    expect([...armed.values()]).toEqual([0.3]);
    [...armed.keys()][0]!();
    expect(threads.map(({ ended }) => ended)).toEqual([true, false]);
    threads[1]!.reply("done");
    expect(await next).toBe("done");
    await outcome;
  });
});

describe("errorToPlain", () => {
  it("survives a copy to another thread", () => {
    const error = new UndertoneError("split/leak", "It leaks", { details: { speakers: ["a"] } });
    expect(errorFromPlain(structuredClone(errorToPlain(error)))).toEqual(error);
    expect(errorFromPlain(errorToPlain(7))).toEqual(new Error("7"));
  });
});
