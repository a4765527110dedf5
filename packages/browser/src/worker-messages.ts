/** What goes between the page and its recognizer worker. */
import type {
  ArtifactManifest,
  Prediction,
  RecognizeOptions,
  RecognizerStreamOptions,
  StreamLatency,
} from "@undertone/core/artifact";
import type { Waveform } from "@undertone/core/audio";
import type { EncoderUrls } from "./encoder-resources.js";
import type { AudioSlice } from "./file-session.js";
import type { Spectrogram, SpectrogramOptions } from "./spectrogram.js";

/** Options of a stream in the worker, which has its own clock. */
export type BrowserStreamOptions = Omit<RecognizerStreamOptions, "now" | "signal">;

/** What came of a push to a stream, and how long the stream took so far. */
export interface StreamPredictions {
  readonly predictions: Prediction[];
  readonly latency: StreamLatency;
}

/** The first message to a worker: what it opens before its first call. */
export interface WorkerOpening {
  readonly model: Uint8Array;
  readonly wasm: string | undefined;
  readonly encoders: EncoderUrls;
}

/** What the worker can be asked, and what it answers: name -> [request, answer]. Streams and files go by numbers that the page chose. */
export interface WorkerCalls {
  describe: [undefined, { readonly manifest: ArtifactManifest; readonly runtime: string }];
  /** The answer has the feature set's sample rate. */
  decode: [{ readonly bytes: ArrayBuffer }, Waveform];
  recognize: [{ readonly wave: Waveform } & RecognizeOptions, Prediction];
  openStream: [{ readonly stream: number; readonly options: BrowserStreamOptions }, undefined];
  push: [{ readonly stream: number; readonly samples: Float32Array }, StreamPredictions];
  /** Ends the stream and forgets it. */
  finish: [{ readonly stream: number }, StreamPredictions];
  /** The answer is the container's own length in seconds, if it says. */
  openFile: [
    {
      readonly file: Blob;
      readonly id: number;
      readonly hopSeconds: number | undefined;
    } & RecognizeOptions,
    { readonly seconds: number | undefined },
  ];
  /** Goes on with a file for a fraction of a second; forgets it after the last slice and when it fails. */
  hearFile: [{ readonly id: number }, AudioSlice];
  /** Forgets the stream or file, known or not. */
  drop: [{ readonly stream: number } | { readonly file: number }, undefined];
  spectrogram: [{ readonly wave: Waveform; readonly options: SpectrogramOptions }, Spectrogram];
}

export type CallName = keyof WorkerCalls;

/** One request. */
export type WorkerRequest = {
  [Name in CallName]: { readonly name: Name; readonly request: WorkerCalls[Name][0] };
}[CallName];

/** What the worker answers to one of its calls. */
export type WorkerAnswer = WorkerCalls[CallName][1];

/** Asks the worker. @throws UndertoneError `cancelled` at once when the signal says so. */
export type CallWorker = <Name extends CallName>(
  name: Name,
  request: WorkerCalls[Name][0],
  signal?: AbortSignal,
) => Promise<WorkerCalls[Name][1]>;
