/** Decodes audio and extracts features on worker threads, within limits. */
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import {
  type AudioContainer,
  type DecodeLimits,
  defaultDecodeLimits,
  type Matrix,
  UndertoneError,
  type Waveform,
} from "@undertone/core";
import type { AudioJob, AudioReply, AugmentJob, DecodedMessage, ExtractedMessage } from "./audio-job.js";
import { startWorker } from "./start-worker.js";

export interface AudioPoolOptions {
  /** Most threads at a time; default: as many as the machine runs in parallel. They start when there is work. */
  readonly threads?: number;
  readonly limits?: Partial<DecodeLimits>;
  /** What starts a thread; default this package's own worker. */
  readonly startThread?: () => Worker;
}

/** A stretch of the file in seconds, and a way to stop. */
export interface AudioJobOptions {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DecodeOptions extends AudioJobOptions {
  /** Rate in Hz to resample to; default: the file's own. */
  readonly sampleRate?: number | undefined;
}

export interface ExtractOptions extends AudioJobOptions {
  /** How fast the audio is played, pitch and tempo alike; default 1. */
  readonly speed?: number | undefined;
  /** What happens to the audio before, at the feature set's rate; default nothing. */
  readonly augment?: AugmentJob | undefined;
}

/** Audio from a file, mixed to mono, with what was seen on the way. With a span, everything here is about that span. */
export interface DecodedAudio {
  readonly wave: Waveform;
  readonly container: AudioContainer;
  readonly sourceSampleRate: number;
  readonly sourceChannels: number;
  /** Whether there are several channels and all are equal. */
  readonly identicalChannels: boolean;
  /** Largest magnitude of any channel, 1 being full scale. */
  readonly peak: number;
  /** Sample times at which some channel is at or beyond full scale. */
  readonly clippedSamples: number;
  /**
   * SHA-256 (hex) of the mono float32 samples before resampling, little-endian. Integers of up to 24 bits decode to the same floats in WAV,
   * AIFF and FLAC, so the same recording has the same hash in each, and as mono or as several equal channels.
   */
  readonly contentHash: string;
}

interface Task {
  readonly job: AudioJob;
  readonly signal: AbortSignal | undefined;
  resolve(reply: DecodedMessage | ExtractedMessage): void;
  reject(error: Error): void;
  onAbort?: () => void;
}

/** Threads that decode one file each at a time. Idle ones do not keep the process alive. */
export class AudioPool {
  readonly #threads: number;
  readonly #limits: DecodeLimits;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, { readonly task: Task; release(): void }>();
  readonly #queue: Task[] = [];
  readonly #startThread: () => Worker;
  /** Threads that have said that they run: one that dies before was never to be had. */
  readonly #running = new WeakSet<Worker>();
  /** Why no work is taken any more. */
  #stopped: UndertoneError | undefined;

  constructor({
    threads = availableParallelism(),
    limits = {},
    startThread = () => startWorker("audio"),
  }: AudioPoolOptions = {}) {
    if (!Number.isInteger(threads) || threads < 1)
      throw new RangeError(`AudioPool: ${threads} threads, expected at least 1`);
    this.#threads = threads;
    this.#startThread = startThread;
    this.#limits = { ...defaultDecodeLimits, ...limits };
  }

  /**
   * Resolves to the audio of a file, given as a path or as its bytes.
   * @throws UndertoneError `file/not-found`, `file/unreadable`, `audio/…` (see `decodeBytes`), `audio/timeout` or `cancelled`.
   */
  async decode(file: string | Uint8Array, options: DecodeOptions = {}): Promise<DecodedAudio> {
    const reply = (await this.#run(file, options, { sampleRate: options.sampleRate })) as DecodedMessage;
    const { kind: _, samples, sampleRate, ...rest } = reply;
    return { wave: { samples, sampleRate }, ...rest };
  }

  /**
   * Resolves to the features of a file: decoded, resampled to the feature set's rate, played at the speed and extracted in the thread.
   * @throws UndertoneError as `decode`, and what the feature set throws, `features/unknown` included.
   */
  async extract(
    file: string | Uint8Array,
    featureSetId: string,
    options: ExtractOptions = {},
  ): Promise<Matrix> {
    const work = { featureSetId, speed: options.speed, augment: options.augment };
    const { data, rows, cols } = (await this.#run(file, options, work)) as ExtractedMessage;
    return { data, rows, cols };
  }

  /** Stops all threads; work that is not finished fails with `cancelled`. */
  async close(): Promise<void> {
    this.#stopped ??= new UndertoneError("cancelled", "The audio pool is closed.");
    await this.#stop(new UndertoneError("cancelled", "The audio pool was closed before the work was done."));
  }

  /** Fails all work that is not finished, and ends the threads. */
  async #stop(error: UndertoneError): Promise<void> {
    for (const task of this.#queue.splice(0)) this.#settle(task, error);
    const workers = [...this.#idle.splice(0), ...this.#busy.keys()];
    for (const { task, release } of [...this.#busy.values()]) {
      release();
      this.#settle(task, error);
    }
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #run(
    file: string | Uint8Array,
    { start, end, signal }: AudioJobOptions,
    work: Partial<Pick<AudioJob, "sampleRate" | "featureSetId" | "speed" | "augment">>,
  ): Promise<DecodedMessage | ExtractedMessage> {
    if (this.#stopped) return Promise.reject(this.#stopped);
    if (signal?.aborted) return Promise.reject(cancelled());
    return new Promise((resolve, reject) => {
      const { sampleRate, featureSetId, speed, augment } = work;
      const limits = this.#limits;
      const job: AudioJob = { file, start, end, limits, sampleRate, featureSetId, speed, augment };
      const task: Task = { job, signal, resolve, reject };
      if (signal) {
        task.onAbort = () => this.#abort(task);
        signal.addEventListener("abort", task.onAbort, { once: true });
      }
      this.#queue.push(task);
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && (this.#idle.length > 0 || this.#busy.size < this.#threads)) {
      const task = this.#queue.shift()!;
      const worker = this.#idle.pop() ?? this.#startThread();
      worker.ref();
      this.#serve(worker, task);
    }
  }

  /** Sends one task to a thread and waits for its answer, its death or the end of its time. */
  #serve(worker: Worker, task: Task): void {
    const { file, limits } = task.job;
    const release = (): void => {
      clearTimeout(timer);
      // Only our own: a loader may listen on the same thread.
      worker.off("message", answered).off("error", died).off("exit", ended);
      this.#busy.delete(worker);
    };
    const answered = (reply: AudioReply): void => {
      if (reply.kind === "running") {
        this.#running.add(worker);
        return;
      }
      release();
      worker.unref();
      this.#idle.push(worker);
      this.#settle(task, reply.kind === "failed" ? rebuilt(reply) : reply);
      this.#dispatch();
    };
    const end = (error: UndertoneError): void => {
      release();
      void worker.terminate();
      this.#settle(task, error);
      this.#dispatch();
    };
    const died = (cause: unknown): void => {
      if (this.#running.has(worker)) {
        end(crashed(file, cause));
        return;
      }
      // No other file would fare better, and none of them is broken.
      this.#stopped ??= neverStarted(cause);
      void this.#stop(this.#stopped);
    };
    const ended = (code: number): void => died(new Error(`the thread ended with code ${code}`));
    const timer = setTimeout(() => {
      const what = typeof file === "string" ? `'${file}'` : "The audio";
      const limit = `the limit of ${limits.timeoutSeconds} seconds (timeoutSeconds)`;
      end(new UndertoneError("audio/timeout", `${what} took longer than ${limit}.`));
    }, limits.timeoutSeconds * 1000);
    this.#busy.set(worker, { task, release });
    worker.on("message", answered).on("error", died).on("exit", ended);
    // A view would be cloned with the whole buffer behind it, and the caller's own bytes must stay usable.
    const own = typeof file === "string" ? file : Uint8Array.from(file);
    worker.postMessage({ ...task.job, file: own }, typeof own === "string" ? [] : [own.buffer]);
  }

  #abort(task: Task): void {
    const place = this.#queue.indexOf(task);
    if (place >= 0) this.#queue.splice(place, 1);
    for (const [worker, current] of this.#busy) {
      if (current.task !== task) continue;
      current.release();
      void worker.terminate();
    }
    this.#settle(task, cancelled());
    this.#dispatch();
  }

  #settle(task: Task, result: DecodedMessage | ExtractedMessage | Error): void {
    if (task.onAbort) task.signal?.removeEventListener("abort", task.onAbort);
    if (result instanceof Error) task.reject(result);
    else task.resolve(result);
  }
}

/** Returns a pool of decoding threads; close it when done. */
export function openAudioPool(options: AudioPoolOptions = {}): AudioPool {
  return new AudioPool(options);
}

function cancelled(): UndertoneError {
  return new UndertoneError("cancelled", "Cancelled before the audio was decoded.");
}

function rebuilt({ code, message, details }: Extract<AudioReply, { kind: "failed" }>): Error {
  return code === null ? new Error(message) : new UndertoneError(code, message, { details: { ...details } });
}

function neverStarted(cause: unknown): UndertoneError {
  const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
  return new UndertoneError("runtime/unavailable", `The thread that decodes audio cannot start: ${why}`, {
    cause,
  });
}

function crashed(file: string | Uint8Array, cause: unknown): UndertoneError {
  const what = typeof file === "string" ? `'${file}'` : "The audio";
  const outOfMemory = (cause as { code?: unknown } | null)?.code === "ERR_WORKER_OUT_OF_MEMORY";
  return outOfMemory
    ? new UndertoneError("audio/too-large", `${what} needs more memory than a decoding thread may take.`, {
        cause,
      })
    : new UndertoneError("audio/unsupported", `${what} made its decoder crash.`, { cause });
}
