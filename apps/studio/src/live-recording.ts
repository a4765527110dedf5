/** A recording under way: what the microphone hears, and what the model makes of it. */
import { type BrowserRecognizer, type BrowserStream, openMicrophone } from "@undertone/browser";
import type { Prediction } from "@undertone/core/artifact";
import { joinSamples, type Waveform } from "@undertone/core/audio";

export interface Live {
  readonly elapsed: number;
  /** Largest magnitude of each block so far. */
  readonly peaks: readonly number[];
  readonly timeline: readonly Prediction[];
}

export interface LiveRecording {
  /** Releases the device; resolves to all that was recorded. */
  stop(): Promise<Waveform>;
}

/** What is told of a recording while it goes on. */
export interface LiveEvents {
  show(live: Live): void;
  fail(cause: unknown): void;
  /** The recording is as long as it may be, or the device is gone. */
  end(): void;
}

const hopSeconds = 0.5;

/** Resolves to a recording once the user allows it. @throws UndertoneError `audio/unsupported`. */
export async function startRecording(
  recognizer: BrowserRecognizer,
  { show, fail, end }: LiveEvents,
): Promise<LiveRecording> {
  let live: Live = { elapsed: 0, peaks: [], timeline: [] };
  let stream: Promise<BrowserStream> | undefined;
  let waiting: Float32Array[] = [];
  let hearing = false;
  let stopped = false;
  const change = (more: Partial<Live>): void => {
    live = { ...live, ...more };
    if (!stopped) show(live);
  };
  /** Blocks that come while the model hears wait together, and of their windows only the newest is heard: it cannot fall behind. */
  const hear = async (sampleRate: number): Promise<void> => {
    if (hearing) return;
    hearing = true;
    try {
      stream ??= recognizer.openStream({ sampleRate, hopSeconds, hear: "newest", early: true });
      while (waiting.length > 0 && !stopped) {
        const samples = joinSamples(waiting);
        waiting = [];
        const { predictions } = await (await stream).push(samples);
        if (predictions.length > 0) change({ timeline: [...live.timeline, ...predictions] });
      }
    } finally {
      hearing = false;
    }
  };
  const device = await openMicrophone({
    sampleRate: recognizer.manifest.features.sampleRate,
    onBlock(samples, rate) {
      const peak = samples.reduce((top, x) => Math.max(top, Math.abs(x)), 0);
      change({ elapsed: live.elapsed + samples.length / rate, peaks: [...live.peaks, peak] });
      waiting.push(samples);
      hear(rate).catch((cause: unknown) => {
        if (!stopped) fail(cause);
      });
    },
    onEnd: end,
  });
  show(live);
  return {
    stop() {
      stopped = true;
      void stream?.then((open) => open.finish()).catch(() => undefined); // what it says comes too late to be shown
      return device.stop();
    },
  };
}
