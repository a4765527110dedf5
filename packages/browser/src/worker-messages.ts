/** What goes between the page and its recognizer worker. */
import type {
  ArtifactManifest,
  Prediction,
  RecognizerStreamOptions,
  SpeakerProfile,
  StreamLatency,
} from "@undertone/core/artifact";
import type { Waveform } from "@undertone/core/audio";
import type { EncoderUrls } from "./encoder-resources.js";
import type { Spectrogram, SpectrogramOptions } from "./spectrogram.js";

/** Options of a stream in the worker, which has its own clock. */
export type BrowserStreamOptions = Omit<RecognizerStreamOptions, "now" | "signal">;

/** What came of a push to a stream, and how long the stream took so far. */
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
  [Name in CallName]: { readonly name: Name; readonly request: WorkerCalls[Name][0] };
}[CallName];

/** What the worker answers to one of its calls. */
export type WorkerAnswer = WorkerCalls[CallName][1];
