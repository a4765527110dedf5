/** Jobs shared among threads, whatever a runtime's threads are: one job a thread at a time, in the order in which they came. */
import { errorFromPlain, errorToPlain, type PlainError, UndertoneError } from "../errors.js";

/** What a thread says: once that it has loaded its code, then one reply to each job. */
export type ThreadReply<Answer> =
  | { readonly kind: "running" }
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly error: PlainError };

/** A thread as the pool sees it. */
export interface Thread<Job> {
  send(job: Job): void;
  end(): unknown;
  /** Told whether it has a job: where threads keep a process alive, an idle one need not. */
  hold?(busy: boolean): void;
}

/** What a thread tells its pool. */
export interface ThreadEvents<Answer> {
  replied(reply: ThreadReply<Answer>): void;
  /** It has ended, or failed outside of a job; told again, it changes nothing. */
  died(cause: unknown): void;
}

/** How the pool lost the thread that had a job. */
export interface LostThread<Job> {
  readonly job: Job;
  /** `late`: past the limit; `unstarted`: before it said that it runs, so that it was never to be had. */
  readonly how: "crashed" | "late" | "unstarted";
  readonly cause?: unknown;
}

/** Any `AbortSignal` fits. */
export interface JobSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", act: () => void): void;
  removeEventListener(type: "abort", act: () => void): void;
}

/** Options of `ThreadPool`. */
export interface ThreadPoolOptions<Job, Answer> {
  /** Most threads at a time; they start when there is work. */
  readonly threads: number;
  start(events: ThreadEvents<Answer>): Thread<Job>;
  /** What a job fails with when its thread was lost, and whether all others do too, now and later. */
  lost(thread: LostThread<Job>): { readonly error: Error; readonly all: boolean };
  /** Longest that a job may take in its thread, which counts anew once a new thread runs. Default: no limit. */
  readonly limit?: {
    readonly seconds: number;
    /** How long a thread may go on with a job that was cancelled, before it is ended. Default: not at all. */
    readonly graceSeconds?: number;
    /** Acts later unless what it returns is called. */
    after(seconds: number, act: () => void): () => void;
  };
}

/** A thread that does the jobs of one holder, which may leave things in it from one to the next. */
export interface HeldThread<Job, Answer> {
  /** As `ThreadPool.run`, one job after the other; the limit counts for each. @throws TypeError while the job before has no answer. */
  run(job: Job): Promise<Answer>;
  /** Gives the thread back, or ends it when it is at work. */
  release(): void;
}

/** What a thread is busy with: a job, or the jobs of a holder, of which there may be none just now. */
interface Work<Job, Answer> {
  task: Task<Job, Answer> | undefined;
  readonly held: boolean;
  cancelled: boolean;
  disarm?: (() => void) | undefined;
  /** What jobs fail with since the holder's thread was lost. */
  loss?: (job: Job) => Error;
}

/** What waits for a thread: a job, or a holder. */
type Waiting<Job, Answer> =
  | Task<Job, Answer>
  | {
      readonly signal: JobSignal | undefined;
      take(thread: Thread<Job>): void;
      reject(error: Error): void;
    };

interface Task<Job, Answer> {
  readonly job: Job;
  readonly signal: JobSignal | undefined;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** Threads that do one job each at a time. */
export class ThreadPool<Job, Answer> {
  readonly #options: ThreadPoolOptions<Job, Answer>;
  readonly #idle: Thread<Job>[] = [];
  readonly #busy = new Map<Thread<Job>, Work<Job, Answer>>();
  readonly #queue: Waiting<Job, Answer>[] = [];
  readonly #abortions = new WeakMap<JobSignal, { readonly acts: Set<() => void>; abort(): void }>();
  readonly #running = new WeakSet<Thread<Job>>();
  /** Why no work is taken any more. */
  #stopped: Error | undefined;

  constructor(options: ThreadPoolOptions<Job, Answer>) {
    const { threads } = options;
    if (!Number.isInteger(threads) || threads < 1)
      throw new RangeError(`ThreadPool: ${threads} threads, expected at least 1`);
    this.#options = options;
  }

  /**
   * Resolves to the thread's answer.
   * @param signal ends the job at once, and its thread after the time of grace when it is under way.
   * @throws what the job failed with, as an `UndertoneError` where it was one; why it could not be sent; what `lost` says; `cancelled`.
   */
  run(job: Job, signal?: JobSignal): Promise<Answer> {
    return this.#queued(signal, (resolve, reject) => ({ job, resolve, reject, signal }));
  }

  /**
   * Resolves to a thread that is held until it is released; it waits its turn as jobs do.
   * @param signal ends the thread, and with `cancelled` the job that is under way and all that come.
   */
  hold(signal?: JobSignal): Promise<HeldThread<Job, Answer>> {
    return this.#queued(signal, (resolve, reject) => ({
      signal,
      reject,
      take: (thread) => resolve(this.#held(thread, signal)),
    }));
  }

  /** Ends all threads; work that is not finished, and all that comes, fails with the error. Resolves when the threads have ended. */
  async close(
    error: Error = new UndertoneError(
      "cancelled",
      "Cancelled: the threads were closed before the work was done.",
    ),
  ): Promise<void> {
    this.#stopped ??= error;
    const threads = [...this.#idle.splice(0), ...this.#busy.keys()];
    const tasks: { reject(error: Error): void }[] = this.#queue.splice(0);
    for (const [thread, { task }] of [...this.#busy]) {
      this.#release(thread);
      if (task) tasks.push(task);
    }
    for (const { reject } of tasks) reject(error);
    await Promise.all(threads.map((thread) => thread.end()));
  }

  /** Resolves to what becomes of something that waits for a thread. */
  async #queued<Result>(
    signal: JobSignal | undefined,
    wanting: (resolve: (result: Result) => void, reject: (error: Error) => void) => Waiting<Job, Answer>,
  ): Promise<Result> {
    if (this.#stopped) throw this.#stopped;
    if (signal?.aborted) throw cancelled();
    let forget = (): void => undefined;
    try {
      return await new Promise<Result>((resolve, reject) => {
        const waiting = wanting(resolve, reject);
        this.#queue.push(waiting);
        forget = this.#onAbort(signal, () => this.#cancel(waiting));
        this.#dispatch();
      });
    } finally {
      forget();
    }
  }

  /** Returns the holder's side of a thread that was just taken. */
  #held(thread: Thread<Job>, signal: JobSignal | undefined): HeldThread<Job, Answer> {
    const work = this.#busy.get(thread)!;
    const isOurs = (): boolean => this.#busy.get(thread) === work;
    const end = (): void => {
      if (!isOurs()) return;
      this.#release(thread);
      void thread.end();
      work.task?.reject(cancelled());
      this.#dispatch();
    };
    const forget = this.#onAbort(signal, end);
    return {
      run: (job) =>
        new Promise((resolve, reject) => {
          if (!isOurs()) reject(work.loss?.(job) ?? this.#stopped ?? cancelled());
          else if (work.task) reject(new TypeError("HeldThread.run: the job before has no answer yet"));
          else this.#give(thread, { job, resolve, reject, signal });
        }),
      release: () => {
        forget();
        if (work.task) end();
        else if (isOurs()) {
          this.#free(thread);
          this.#dispatch();
        }
      },
    };
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && (this.#idle.length > 0 || this.#busy.size < this.#options.threads)) {
      const next = this.#queue.shift()!;
      // One abort may be told to many: those still to be told must not start.
      if (next.signal?.aborted) {
        next.reject(cancelled());
        continue;
      }
      const thread = this.#idle.pop() ?? this.#start();
      this.#busy.set(thread, { task: undefined, held: "take" in next, cancelled: false });
      if ("take" in next) next.take(thread);
      else this.#give(thread, next);
    }
  }

  /** Sends a job to a thread that is busy with nothing else. */
  #give(thread: Thread<Job>, task: Task<Job, Answer>): void {
    this.#busy.get(thread)!.task = task;
    this.#arm(thread);
    thread.hold?.(true);
    try {
      thread.send(task.job);
    } catch (error) {
      // What cannot be cloned has not left: the thread is as it was.
      this.#done(thread);
      task.reject(error as Error);
    }
  }

  /** Calls `act` when the signal is aborted, unless what it returns is called: one listener for all that wait for the same signal. */
  #onAbort(signal: JobSignal | undefined, act: () => void): () => void {
    if (!signal) return () => undefined;
    const known = this.#abortions.get(signal);
    const acts = known?.acts ?? new Set();
    const abort =
      known?.abort ??
      (() => {
        for (const each of [...acts]) each();
      });
    acts.add(act);
    if (!known) {
      this.#abortions.set(signal, { acts, abort });
      signal.addEventListener("abort", abort);
    }
    return () => {
      acts.delete(act);
      if (acts.size > 0) return;
      this.#abortions.delete(signal);
      signal.removeEventListener("abort", abort);
    };
  }

  #start(): Thread<Job> {
    const thread: Thread<Job> = this.#options.start({
      replied: (reply) => this.#replied(thread, reply),
      died: (cause) => this.#lose(thread, this.#running.has(thread) ? "crashed" : "unstarted", cause),
    });
    return thread;
  }

  #replied(thread: Thread<Job>, reply: ThreadReply<Answer>): void {
    const started = !this.#running.has(thread);
    this.#running.add(thread);
    if (reply.kind === "running") {
      if (started) this.#arm(thread);
      return;
    }
    const task = this.#busy.get(thread)?.task;
    if (!task) return;
    this.#done(thread);
    if (reply.kind === "answer") task.resolve(reply.answer);
    else task.reject(errorFromPlain(reply.error));
    this.#dispatch();
  }

  #lose(thread: Thread<Job>, how: LostThread<Job>["how"], cause?: unknown): void {
    const place = this.#idle.indexOf(thread);
    if (place >= 0) {
      this.#idle.splice(place, 1);
      void thread.end();
    }
    const work = this.#busy.get(thread);
    if (!work) return;
    const { task } = work;
    if (task) {
      const { error, all } = this.#options.lost({ job: task.job, how, cause });
      if (all) {
        void this.close(error);
        return;
      }
      task.reject(error);
    }
    work.loss = (job) => this.#options.lost({ job, how, cause }).error;
    this.#release(thread);
    void thread.end();
    this.#dispatch();
  }

  #cancel(task: Waiting<Job, Answer>): void {
    const place = this.#queue.indexOf(task);
    if (place >= 0) this.#queue.splice(place, 1);
    for (const [thread, work] of this.#busy) {
      if (work.task !== task) continue;
      work.cancelled = true;
      if (this.#options.limit?.graceSeconds) {
        if (this.#running.has(thread)) this.#arm(thread);
        continue;
      }
      this.#release(thread);
      void thread.end();
    }
    task.reject(cancelled());
    this.#dispatch();
  }

  /** Starts the clock of what the thread is busy with, from now on. */
  #arm(thread: Thread<Job>): void {
    const { limit } = this.#options;
    const work = this.#busy.get(thread);
    if (!limit || !work?.task) return;
    work.disarm?.();
    const { seconds, graceSeconds = 0 } = limit;
    const grace = work.cancelled && this.#running.has(thread);
    work.disarm = limit.after(grace ? graceSeconds : seconds, () => this.#lose(thread, "late"));
  }

  /** Ends a job: a held thread waits for the next one of its holder. */
  #done(thread: Thread<Job>): void {
    const work = this.#busy.get(thread);
    if (work?.held) {
      work.disarm?.();
      work.task = undefined;
      thread.hold?.(false);
    } else this.#free(thread);
  }

  #free(thread: Thread<Job>): void {
    this.#release(thread);
    thread.hold?.(false);
    this.#idle.push(thread);
  }

  #release(thread: Thread<Job>): void {
    this.#busy.get(thread)?.disarm?.();
    this.#busy.delete(thread);
  }
}

function cancelled(): UndertoneError {
  return new UndertoneError("cancelled", "Cancelled before the work was done.");
}

/** Resolves to a thread's reply to one job, whether it succeeds or fails. */
export async function replyTo<Answer>(work: () => Promise<Answer>): Promise<ThreadReply<Answer>> {
  try {
    return { kind: "answer", answer: await work() };
  } catch (error) {
    return { kind: "failed", error: errorToPlain(error) };
  }
}
