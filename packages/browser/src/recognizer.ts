/** A recognizer that lives in a Web Worker, so that the page never waits for it. */
import type { ArtifactManifest, Prediction, SpeakerProfile } from "@undertone/core/artifact";
import { sniffContainer, type Waveform } from "@undertone/core/audio";
import { UndertoneError } from "@undertone/core/errors";
import { ThreadPool, type ThreadReply } from "@undertone/core/threads";
import type { Spectrogram, SpectrogramOptions } from "./spectrogram.js";
import type {
  BrowserStreamOptions,
  CallName,
  StreamPredictions,
  WorkerAnswer,
  WorkerCalls,
  WorkerRequest,
} from "./worker-messages.js";

/** Options of `createRecognizer`. */
export interface BrowserRecognizerOptions {
  /** The artifact's bytes, or where to fetch them. */
  readonly model: ArrayBuffer | URL;
  /** Where ONNX Runtime's `ort-wasm-simd-threaded.wasm` is served; default: where the bundler put it. */
  readonly wasm?: URL;
  /** Where the page serves the network files that a model's features may need, by package and path; see `EncoderUrls`. */
  readonly encoders?: Readonly<Record<string, URL>>;
  /** Longest that one request may take, in seconds; the worker is then ended, and the recognizer with it. */
  readonly timeoutSeconds?: number;
}

/** A model in a worker; requests are answered in their order. Waveforms are copied to the worker. */
export interface BrowserRecognizer {
  readonly manifest: ArtifactManifest;
  /** Such as `onnxruntime-web 1.30.0 wasm`. */
  readonly runtime: string;
  /** Returns the audio in a file's bytes at the feature set's sample rate; AAC and MP4 by the browser's own decoder. @throws UndertoneError `audio/*`. */
  decode(bytes: ArrayBuffer): Promise<Waveform>;
  /** As core's `Recognizer.recognize`. */
  recognize(wave: Waveform, options?: { readonly speaker?: SpeakerProfile | undefined }): Promise<Prediction>;
  /** As core's `Recognizer.timeline`. */
  timeline(
    wave: Waveform,
    options?: {
      readonly windowSeconds?: number;
      readonly hopSeconds?: number;
      readonly speaker?: SpeakerProfile | undefined;
    },
  ): Promise<Prediction[]>;
  /** Opens a stream for audio as it comes, as core's `Recognizer.openStream`. */
  openStream(options: BrowserStreamOptions): Promise<BrowserStream>;
  /** Returns a mel spectrogram for a picture. */
  spectrogram(wave: Waveform, options?: SpectrogramOptions): Promise<Spectrogram>;
  /** Ends the worker; what is not answered rejects with `cancelled`. */
  close(): void;
}

/** A stream in the worker; pushes are taken in their order. */
export interface BrowserStream {
  /** As core's `RecognizerStream`; samples are copied to the worker. */
  push(samples: Float32Array): Promise<StreamPredictions>;
  finish(): Promise<StreamPredictions>;
}

/** Returns a recognizer once its model is loaded. @throws UndertoneError `artifact/*`, `features/*`, `runtime/unavailable`, `file/*`. */
export async function createRecognizer({
  model,
  wasm,
  encoders = {},
  timeoutSeconds = 120,
}: BrowserRecognizerOptions): Promise<BrowserRecognizer> {
  const thread = new RecognizerThread(timeoutSeconds);
  try {
    const addresses = Object.fromEntries(Object.entries(encoders).map(([file, url]) => [file, url.href]));
    const request = {
      model: model instanceof URL ? model.href : model,
      wasm: wasm?.href,
      encoders: addresses,
    };
    const { manifest, runtime } = await thread.call("open", request);
    let nextStream = 0;
    return {
      manifest,
      runtime,
      async decode(bytes) {
        const container = sniffContainer(new Uint8Array(bytes));
        if (container !== "aac" && container !== "m4a") return thread.call("decode", { bytes });
        const { decodeAudio } = await import("./decode-audio.js");
        const { sampleRate } = manifest.features;
        return decodeAudio(new Uint8Array(bytes), { sampleRate, name: "This file" });
      },
      recognize: (wave, { speaker } = {}) => thread.call("recognize", { wave, speaker }),
      timeline: (wave, { windowSeconds, hopSeconds, speaker } = {}) =>
        thread.call("timeline", { wave, windowSeconds, hopSeconds, speaker }),
      async openStream(options) {
        const stream = nextStream++;
        await thread.call("openStream", { stream, options });
        return {
          push: (samples) => thread.call("push", { stream, samples }),
          finish: () => thread.call("finish", { stream }),
        };
      },
      spectrogram: (wave, options = {}) => thread.call("spectrogram", { wave, options }),
      close: () => thread.close(),
    };
  } catch (error) {
    thread.close();
    throw error;
  }
}

/** The one thread that has the model: what ends it ends the recognizer. */
class RecognizerThread {
  readonly #pool: ThreadPool<WorkerRequest, WorkerAnswer>;

  constructor(timeoutSeconds: number) {
    const failed = (cause: unknown): UndertoneError =>
      new UndertoneError(
        "runtime/unavailable",
        `The recognizer's worker failed: ${cause || "it did not load"}`,
      );
    this.#pool = new ThreadPool({
      threads: 1,
      start: ({ replied, died }) => {
        const worker = new Worker(new URL("./recognizer-worker.js", import.meta.url), { type: "module" });
        worker.addEventListener("message", ({ data }: MessageEvent<ThreadReply<WorkerAnswer>>) =>
          replied(data),
        );
        worker.addEventListener("error", ({ message }) => {
          died(message);
          // Between two requests no one was told; another worker would have no model.
          void this.#pool.close(failed(message));
        });
        return { send: (request) => worker.postMessage(request), end: () => worker.terminate() };
      },
      lost: ({ how, cause }) => ({
        error:
          how === "late"
            ? new UndertoneError(
                "audio/timeout",
                `The audio took longer than the limit of ${timeoutSeconds} seconds`,
              )
            : failed(cause),
        all: true,
      }),
      limit: {
        seconds: timeoutSeconds,
        after(seconds, act) {
          const timer = setTimeout(act, seconds * 1000);
          return () => clearTimeout(timer);
        },
      },
    });
  }

  async call<Name extends CallName>(
    name: Name,
    request: WorkerCalls[Name][0],
  ): Promise<WorkerCalls[Name][1]> {
    // Copied now: the page may change its samples while the request waits for its turn.
    return this.#pool.run({ name, request: structuredClone(request) } as WorkerRequest);
  }

  close(): void {
    void this.#pool.close(new UndertoneError("cancelled", "The recognizer is closed"));
  }
}
