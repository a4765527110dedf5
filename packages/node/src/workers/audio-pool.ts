/** Decodes audio and extracts features on worker threads, within limits. */
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import {
  type AudioStream,
  type DecodedBytes,
  type DecodeLimits,
  defaultDecodeLimits,
} from "@undertone/core/audio";
import { type ErrorCode, UndertoneError } from "@undertone/core/errors";
import type { Matrix } from "@undertone/core/math";
import { type LostThread, ThreadPool } from "@undertone/core/threads";
import type {
  AudioAnswer,
  AudioJob,
  AugmentJob,
  DecodedMessage,
  FileJob,
  StreamFacts,
  StreamPiece,
} from "./audio-job.js";
import { nodeThread } from "./node-thread.js";
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
export interface DecodedAudio extends Omit<DecodedBytes, "totalFrames"> {
  readonly sourceSampleRate: number;
  /**
   * SHA-256 (hex) of the mono float32 samples before resampling, little-endian. Integers of up to 24 bits decode to the same floats in WAV,
   * AIFF and FLAC, so the same recording has the same hash in each, and as mono or as several equal channels.
   */
  readonly contentHash: string;
}

/** Threads that decode one file each at a time. Idle ones do not keep the process alive. */
export class AudioPool {
  readonly #limits: DecodeLimits;
  readonly #pool: ThreadPool<AudioJob, AudioAnswer>;

  constructor({
    threads = availableParallelism(),
    limits = {},
    startThread = () => startWorker("audio"),
  }: AudioPoolOptions = {}) {
    this.#limits = { ...defaultDecodeLimits, ...limits };
    this.#pool = new ThreadPool({
      threads,
      start: (events) => nodeThread(startThread(), events),
      lost: (thread) => lost(thread, this.#limits),
      limit: { seconds: this.#limits.timeoutSeconds, after },
    });
  }

  /**
   * Resolves to the audio of a file, given as a path or as its bytes.
   * @throws UndertoneError `file/not-found`, `file/unreadable`, `audio/…` (see `decodeBytes`), `audio/timeout` or `cancelled`.
   */
  async decode(file: string | Uint8Array, options: DecodeOptions = {}): Promise<DecodedAudio> {
    const work = { sampleRate: options.sampleRate };
    const { samples, sampleRate, ...rest } = (await this.#run(file, options, work)) as DecodedMessage;
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
    return (await this.#run(file, options, work)) as Matrix;
  }

  /**
   * Resolves to a stream of a file of any length, at `sampleRate` when it is given: a thread decodes it, a piece ahead of the one that was taken, and is held
   * until all pieces were taken or the stream is closed: in a pool of one thread all other work waits for that. The limit of time counts for each piece; those of length and bytes do not hold.
   * @throws UndertoneError as `decode`; a file that is cut does so behind its last piece.
   */
  async stream(file: string | Uint8Array, options: DecodeOptions = {}): Promise<AudioStream> {
    const { start, end, signal, sampleRate } = options;
    const thread = await this.#pool.hold(signal);
    const path = typeof file === "string" ? file : undefined;
    let progress = 0;
    try {
      const job = { step: "open", file: wholeBytes(file), start, end, sampleRate } as const;
      const facts = (await thread.run(job)) as StreamFacts;
      const next = async (): Promise<StreamPiece> =>
        (await thread.run({ step: "next", file: path })) as StreamPiece;
      let coming: Promise<StreamPiece> | undefined;
      let isClosed = false;
      const close = async (): Promise<void> => {
        if (isClosed) return;
        isClosed = true;
        await coming?.catch(() => undefined);
        await thread.run({ step: "close", file: path }).catch(() => undefined);
        thread.release();
      };
      return {
        ...facts,
        get progress() {
          return progress;
        },
        async *pieces() {
          try {
            for (coming = next(); ; ) {
              const answer = await coming;
              progress = answer.progress;
              if (answer.piece === null || isClosed) return;
              coming = next();
              coming.catch(() => undefined); // thrown when it is its turn
              yield answer.piece;
            }
          } finally {
            await close();
          }
        },
        close,
      };
    } catch (error) {
      thread.release();
      throw error;
    }
  }

  /** Stops all threads; work that is not finished fails with `cancelled`. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  #run(
    file: string | Uint8Array,
    { start, end, signal }: AudioJobOptions,
    { sampleRate, featureSetId, speed, augment }: Partial<FileJob>,
  ): Promise<AudioAnswer> {
    const job = {
      file: wholeBytes(file),
      start,
      end,
      limits: this.#limits,
      sampleRate,
      featureSetId,
      speed,
      augment,
    };
    return this.#pool.run(job, signal);
  }
}

/** Returns a pool of decoding threads; close it when done. */
export function openAudioPool(options: AudioPoolOptions = {}): AudioPool {
  return new AudioPool(options);
}

/** A view would be cloned with the whole buffer behind it, and a slice of a `Buffer` is a view. */
function wholeBytes(file: string | Uint8Array): string | Uint8Array {
  return typeof file === "string" || file.byteLength === file.buffer.byteLength
    ? file
    : Uint8Array.from(file);
}

function after(seconds: number, act: () => void): () => void {
  const timer = setTimeout(act, seconds * 1000);
  return () => clearTimeout(timer);
}

/** What a file's work fails with when it lost its thread. Where no thread starts, no other file would fare better, and none of them is broken. */
function lost(
  { job: { file }, how, cause }: LostThread<AudioJob>,
  { timeoutSeconds }: DecodeLimits,
): { error: Error; all: boolean } {
  const what = typeof file === "string" ? `'${file}'` : "The audio";
  const failed = (code: ErrorCode, message: string): { error: Error; all: boolean } => ({
    error: new UndertoneError(code, message, { cause }),
    all: how === "unstarted",
  });
  if (how === "late") {
    const limit = `the limit of ${timeoutSeconds} seconds (timeoutSeconds)`;
    return failed("audio/timeout", `${what} took longer than ${limit}.`);
  }
  if (how === "unstarted") {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    return failed("runtime/unavailable", `The thread that decodes audio cannot start: ${why}`);
  }
  if ((cause as { code?: unknown } | null)?.code === "ERR_WORKER_OUT_OF_MEMORY")
    return failed("audio/too-large", `${what} needs more memory than a decoding thread may take.`);
  return failed("audio/unsupported", `${what} made its decoder crash.`);
}
