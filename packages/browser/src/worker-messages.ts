/** What goes between the page and its recognizer worker. */
import type {
  ArtifactManifest,
  ErrorCode,
  Prediction,
  RecognizerStreamOptions,
  SpeakerProfile,
  StreamLatency,
  Waveform,
} from "@undertone/core";
import type { EncoderUrls } from "./encoder-resources.js";
import type { Spectrogram, SpectrogramOptions } from "./spectrogram.js";

/** Options of a stream in the worker, which has its own clock. */
export type BrowserStreamOptions = Omit<RecognizerStreamOptions, "now" | "signal">;

/** What a stream heard, and how long it took so far. */
export interface StreamPredictions {
  readonly predictions: Prediction[];
  readonly latency: StreamLatency;
}

/** What the worker can be asked, and what it answers: name -> [request, answer]. */
export interface WorkerCalls {
  open: [
    {
      readonly model: ArrayBuffer | string;
      readonly wasm: string | undefined;
      readonly encoders: EncoderUrls;
    },
    { readonly manifest: ArtifactManifest; readonly runtime: string },
  ];
  /** The answer has the feature set's sample rate. */
  decode: [{ readonly bytes: ArrayBuffer }, Waveform];
  recognize: [{ readonly wave: Waveform; readonly speaker: SpeakerProfile | undefined }, Prediction];
  timeline: [
    {
      readonly wave: Waveform;
      readonly windowSeconds: number | undefined;
      readonly hopSeconds: number | undefined;
      readonly speaker: SpeakerProfile | undefined;
    },
    Prediction[],
  ];
  /** Opens a stream under a number that the page chose. */
  openStream: [{ readonly stream: number; readonly options: BrowserStreamOptions }, undefined];
  push: [{ readonly stream: number; readonly samples: Float32Array }, StreamPredictions];
  /** Ends the stream and forgets it. */
  finish: [{ readonly stream: number }, StreamPredictions];
  spectrogram: [{ readonly wave: Waveform; readonly options: SpectrogramOptions }, Spectrogram];
}

export type CallName = keyof WorkerCalls;

/** One request. */
export type WorkerRequest = {
  [Name in CallName]: { readonly id: number; readonly name: Name; readonly request: WorkerCalls[Name][0] };
}[CallName];

/** One reply; `code` is null for an error that is not an `UndertoneError`. */
export type WorkerReply =
  | { readonly id: number; readonly answer: WorkerCalls[CallName][1] }
  | {
      readonly id: number;
      readonly error: { readonly code: ErrorCode | null; readonly message: string };
    };
