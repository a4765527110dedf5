/** A recognizer's ear for audio as it comes: one prediction a window, as soon as the window is full. */
import type { Waveform } from "../audio/waveform.js";
import { sampleQueue } from "../features/feature-stream.js";
import type { Prediction } from "./prediction.js";
import type { SpeakerProfile } from "./speaker-profile.js";
import { checkGrid, lastWindow, settledWindows, type TimelineWindow, windowAt } from "./timeline-windows.js";

/** Options of `Recognizer.openStream`. */
export interface RecognizerStreamOptions {
  /** Rate in Hz of the samples that will be pushed. */
  readonly sampleRate: number;
  /** Length of a window in seconds; default: the artifact's. */
  readonly windowSeconds?: number | undefined;
  /** From one window's start to the next one's, in seconds; default: the artifact's. */
  readonly hopSeconds?: number | undefined;
  /**
   * `all`: every window, the same predictions as `timeline`. `newest`: of the windows that one `push` fills only the last, so that a machine slower than
   * the voice skips windows instead of falling behind. Default `all`.
   */
  readonly hear?: "all" | "newest" | undefined;
  /** Whether to say something every hop before the first window is full too, of what there is by then. Default false. */
  readonly early?: boolean | undefined;
  /** A clock in milliseconds, for `latency`. */
  readonly now?: (() => number) | undefined;
  /** What is known of the speaker; windows are no recordings and add nothing to it. */
  readonly speaker?: SpeakerProfile | undefined;
  /** Any `AbortSignal` fits. */
  readonly signal?: { throwIfAborted(): void } | undefined;
}

/** How long predictions took, from the push that filled the window to the prediction. */
export interface StreamLatency {
  /** Windows heard, and windows left out under `newest`. */
  readonly windows: number;
  readonly skipped: number;
  /** 0 without a clock. */
  readonly meanMs: number;
  readonly maxMs: number;
}

/** An open stream. Calls must not overlap. It holds one window of samples and those of the last push. */
export interface RecognizerStream {
  /**
   * Takes any number of samples, returns the predictions of the windows that they filled, in order of time.
   * @throws UndertoneError `audio/not-finite`, `cancelled`; the stream is not to be used afterwards.
   */
  push(samples: Float32Array): Promise<Prediction[]>;
  /** Returns the prediction of the last window, which ends with the audio; none without audio. */
  finish(): Promise<Prediction[]>;
  latency(): StreamLatency;
}

/** What a stream asks of its recognizer: predictions of stretches that begin at `start` seconds. */
export type HearWindows = (
  windows: readonly { readonly wave: Waveform; readonly start: number }[],
) => Promise<Prediction[]>;

/** Windows whose predictions are asked for together. */
const batchWindows = 32;

/** Returns the stream of a recognizer that hears by `hearWindows`. @throws RangeError for a window or hop that is not positive. */
export function recognizerStream(
  options: RecognizerStreamOptions & { readonly windowSeconds: number; readonly hopSeconds: number },
  hearWindows: HearWindows,
): RecognizerStream {
  const { sampleRate, windowSeconds, hopSeconds, hear = "all", early = false, now, signal } = options;
  checkGrid(options);
  const queue = sampleQueue("the stream");
  /** Number of the queue's first sample in the stream. */
  let origin = 0;
  let settled = 0;
  let earlyHops = 0;
  let heard = 0;
  let skipped = 0;
  let sumMs = 0;
  let maxMs = 0;

  function duration(): number {
    return (origin + queue.samples.length) / sampleRate;
  }

  function filled(): TimelineWindow[] {
    const windows: TimelineWindow[] = [];
    for (; early; earlyHops++) {
      const end = (earlyHops + 1) * hopSeconds;
      if (end >= windowSeconds || end > duration()) break;
      windows.push({ start: 0, end });
    }
    for (const count = settledWindows(duration(), options); settled < count; settled++)
      windows.push(windowAt(settled, options));
    if (hear === "all" || windows.length < 2) return windows;
    skipped += windows.length - 1;
    return windows.slice(-1);
  }

  function cut({ start, end }: TimelineWindow): { wave: Waveform; start: number } {
    const samples = queue.samples.slice(
      Math.round(start * sampleRate) - origin,
      Math.round(end * sampleRate) - origin,
    );
    return { wave: { samples, sampleRate }, start };
  }

  async function predict(windows: readonly TimelineWindow[]): Promise<Prediction[]> {
    const began = now?.() ?? 0;
    const predictions: Prediction[] = [];
    for (let i = 0; i < windows.length; i += batchWindows) {
      signal?.throwIfAborted();
      const batch = windows.slice(i, i + batchWindows);
      predictions.push(...(await hearWindows(batch.map(cut))));
      const tookMs = (now?.() ?? 0) - began;
      heard += batch.length;
      sumMs += batch.length * tookMs;
      maxMs = Math.max(maxMs, tookMs);
    }
    return predictions;
  }

  /** Lets go of what neither the next window nor a last one ending now or later can need. */
  function release(): void {
    const next = Math.round(windowAt(settled, options).start * sampleRate);
    const last = origin + queue.samples.length - Math.ceil(windowSeconds * sampleRate) - 1;
    const from = Math.min(next, last);
    if (from <= origin) return;
    queue.drop(from - origin);
    origin = from;
  }

  return {
    async push(samples) {
      queue.push(samples);
      const predictions = await predict(filled());
      release();
      return predictions;
    },
    finish: async () => (duration() > 0 ? predict([lastWindow(duration(), options)]) : []),
    latency: () => ({ windows: heard, skipped, meanMs: heard > 0 ? sumMs / heard : 0, maxMs }),
  };
}
