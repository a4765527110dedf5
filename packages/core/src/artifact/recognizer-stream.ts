/** A recognizer's ear for audio as it comes: one prediction a window, as soon as the window is full. */
import { type StopSignal, stopIfAborted } from "../errors.js";
import { sampleQueue } from "../features/feature-stream.js";
import type { WindowListener } from "./listen.js";
import type { Prediction } from "./prediction.js";
import type { CollectionProfile, SpeakerProfile } from "./profiles.js";
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
  /** What is known of the collection, to which windows add nothing; or `windows`: the windows of the stream itself that were heard so far are it. */
  readonly collection?: CollectionProfile | "windows" | undefined;
  readonly signal?: StopSignal | undefined;
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

/** An open stream. Calls must not overlap. It holds one window, as samples and frames, and the samples of the last push. */
export interface RecognizerStream {
  /**
   * Takes any number of samples, returns the predictions of the windows that they filled, in order of time.
   * @throws UndertoneError `audio/not-finite`, `cancelled`; the stream is not to be used afterwards.
   */
  push(samples: Float32Array): Promise<Prediction[]>;
  /** Returns the prediction of the last window, which ends with the audio; none without audio, and where the window before ends less than 0.05 s earlier. */
  finish(): Promise<Prediction[]>;
  latency(): StreamLatency;
}

/** Windows whose predictions are asked for together. */
const batchWindows = 32;

/**
 * Returns the stream that hears windows by `listener` and scores what it heard by `predict`, many windows at a time.
 * @throws RangeError for a window or hop that is not positive.
 */
export function recognizerStream<Heard>(
  options: RecognizerStreamOptions & { readonly windowSeconds: number; readonly hopSeconds: number },
  listener: WindowListener<Heard>,
  predict: (heard: readonly Heard[]) => Promise<Prediction[]>,
): RecognizerStream {
  const { sampleRate, windowSeconds, hopSeconds, hear = "all", early = false, now, signal } = options;
  checkGrid(options);
  /** Samples that no window has asked for yet: the listener gets them up to a window's end, so that it does not matter how they were cut. */
  const queue = sampleQueue("the stream");
  let listened = 0;
  let settled = 0;
  let earlyHops = 0;
  let heard = 0;
  let skipped = 0;
  let sumMs = 0;
  let maxMs = 0;

  function duration(): number {
    return (listened + queue.samples.length) / sampleRate;
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

  /** Gives the listener the samples before a time, and lets go of what neither this window nor a later one needs. */
  function listenTo({ start, end }: TimelineWindow): TimelineWindow {
    const from = Math.round(start * sampleRate);
    const to = Math.round(end * sampleRate);
    listener.push(queue.samples.subarray(0, to - listened));
    queue.drop(to - listened);
    listened = to;
    listener.release(start);
    return { start, end: start + (to - from) / sampleRate };
  }

  async function hearAll(windows: readonly TimelineWindow[]): Promise<Prediction[]> {
    const began = now?.() ?? 0;
    const predictions: Prediction[] = [];
    for (let i = 0; i < windows.length; i += batchWindows) {
      const batch: Heard[] = [];
      for (const window of windows.slice(i, i + batchWindows)) {
        stopIfAborted(signal);
        batch.push(await listener.hear(listenTo(window)));
      }
      predictions.push(...(await predict(batch)));
      const tookMs = (now?.() ?? 0) - began;
      heard += batch.length;
      sumMs += batch.length * tookMs;
      maxMs = Math.max(maxMs, tookMs);
    }
    return predictions;
  }

  return {
    async push(samples) {
      queue.push(samples);
      return hearAll(filled());
    },
    async finish() {
      if (duration() === 0) return [];
      const last = lastWindow(duration(), options);
      if (!last) return [];
      listenTo(last);
      listener.finish();
      return hearAll([last]);
    },
    latency: () => ({ windows: heard, skipped, meanMs: heard > 0 ? sumMs / heard : 0, maxMs }),
  };
}
