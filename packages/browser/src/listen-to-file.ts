/** Hears a file of any length, and tells what it hears while it goes on. */
import {
  type Prediction,
  type RecognizeOptions,
  summarizeRecording,
  type TimelineSummary,
} from "@undertone/core/artifact";
import type { AudioEnd } from "./file-session.js";
import { PeakList, type WavePeaks } from "./wave-peaks.js";
import type { CallWorker } from "./worker-messages.js";

/** How far the hearing of a file has come. */
export interface ListenProgress {
  /** Seconds of audio heard, and in all if the file says so. */
  readonly seconds: number;
  readonly total: number | undefined;
  /** The part of the file that was heard, 0..1. */
  readonly part: number;
  /** Seconds of work to come; undefined until there is enough to judge by. */
  readonly secondsLeft: number | undefined;
}

/** Options of `BrowserRecognizer.listen`; where a collection is given, `adaptToCollection` says what was heard anew once more of it is known. */
export interface ListenOptions extends RecognizeOptions {
  /** Ends the work; what was heard so far was given to `onWindows`. */
  readonly signal?: AbortSignal | undefined;
  /** From one window's start to the next one's, in seconds; default: the model's own, finer for short clips, and a window's length beyond ten minutes. */
  readonly hopSeconds?: number | undefined;
  /** The work goes on when a promise that it returned resolves. */
  readonly onProgress?: ((progress: ListenProgress) => void | Promise<void>) | undefined;
  /** Gets the predictions of windows, in order of time, as they are made. */
  readonly onWindows?: ((predictions: readonly Prediction[]) => void) | undefined;
  /** Gets the outline of all that was heard so far, as it grows. */
  readonly onWave?: ((peaks: WavePeaks) => void) | undefined;
}

/** What was heard in a file. */
export interface HeardFile extends AudioEnd {
  readonly seconds: number;
  readonly timeline: readonly Prediction[];
  /** Of the windows in which something sounds. */
  readonly summary: TimelineSummary;
  readonly peaks: WavePeaks;
}

/** Work in milliseconds after which the time left is told. */
const judgeMs = 1000;
let nextFile = 0;

/** Resolves to what is heard in the file, as `BrowserRecognizer.listen`. */
export async function listenToFile(
  call: CallWorker,
  file: Blob,
  { signal, hopSeconds, speaker, collection, onProgress, onWindows, onWave }: ListenOptions = {},
): Promise<HeardFile> {
  const id = nextFile++;
  const timeline: Prediction[] = [];
  const outline = new PeakList();
  try {
    const { seconds: total } = await call("openFile", { file, id, hopSeconds, speaker, collection }, signal);
    let tookMs = 0;
    while (true) {
      const began = performance.now();
      const { predictions, peaks, seconds, progress, end } = await call("hearFile", { id }, signal);
      outline.add(peaks);
      timeline.push(...predictions);
      tookMs += performance.now() - began;
      const part = end ? 1 : Math.min(1, total ? seconds / total : progress);
      const secondsLeft = part > 0 && tookMs > judgeMs ? (tookMs * (1 - part)) / part / 1000 : undefined;
      onWave?.(outline.peaks);
      if (predictions.length > 0) onWindows?.(predictions);
      const going = onProgress?.({
        seconds,
        total: end ? seconds : total,
        part,
        secondsLeft: end ? 0 : secondsLeft,
      });
      await going;
      if (!end) continue;
      const summary = summarizeRecording(timeline, end.span);
      return { ...end, seconds, timeline, summary, peaks: outline.peaks };
    }
  } catch (error) {
    // Where it was cancelled the worker still has it; where it failed there it is gone already.
    void call("drop", { file: id }).catch(() => undefined);
    throw error;
  }
}
