/** A recognizer that lives in a Web Worker, so that the page never waits for it. */
import type { ArtifactManifest, Prediction, RecognizeOptions } from "@undertone/core/artifact";
import type { Waveform } from "@undertone/core/audio";
import { UndertoneError } from "@undertone/core/errors";
import { type HeardFile, type ListenOptions, listenToFile } from "./listen-to-file.js";
import { recognizerThread } from "./recognizer-thread.js";
import type { Spectrogram, SpectrogramOptions } from "./spectrogram.js";
import type { BrowserStreamOptions, CallWorker, StreamPredictions } from "./worker-messages.js";

/** Options of `createRecognizer`. */
export interface BrowserRecognizerOptions {
  /** The artifact's bytes, or where to fetch them. */
  readonly model: ArrayBuffer | URL;
  /** Where ONNX Runtime's `ort-wasm-simd-threaded.wasm` is served; default: where the bundler put it. */
  readonly wasm?: URL;
  /** Where the page serves the network files that a model's features may need, by package and path; see `EncoderUrls`. */
  readonly encoders?: Readonly<Record<string, URL>>;
  /** Longest that the worker may take for one request, in seconds, waiting and loading aside; a slice of a stream or file is one. */
  readonly timeoutSeconds?: number;
}

/** What every request takes. */
interface RequestOptions {
  /** Ends the work at once; the request rejects with `cancelled`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A model in a worker. Requests are answered in their order, but those that come while a file or a timeline is heard are answered in between. Waveforms are
 * copied to the worker. A worker that took too long or crashed fails the request that it had, and streams and files that were open; the next request gets a new one.
 */
export interface BrowserRecognizer {
  readonly manifest: ArtifactManifest;
  /** Such as `onnxruntime-web 1.30.0 wasm`. */
  readonly runtime: string;
  /**
   * Returns what is heard in a file of any length, which is decoded and heard piece by piece: its timeline and summary, the whole where it is short, and what pictures
   * need. Memory does not grow with the length but by predictions and outline.
   * @throws UndertoneError `audio/*`, `file/unreadable`, `cancelled`.
   */
  listen(file: Blob, options?: ListenOptions): Promise<HeardFile>;
  /** Returns the audio in a file's bytes at the feature set's sample rate. @throws UndertoneError `audio/*`. */
  decode(bytes: ArrayBuffer, options?: RequestOptions): Promise<Waveform>;
  /** As core's `Recognizer.recognize`. */
  recognize(wave: Waveform, options?: RequestOptions & RecognizeOptions): Promise<Prediction>;
  /** As core's `Recognizer.timeline`. */
  timeline(
    wave: Waveform,
    options?: RequestOptions &
      Pick<BrowserStreamOptions, "windowSeconds" | "hopSeconds" | "speaker" | "collection">,
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

/** Seconds of a waveform that are heard by one request. */
const timelinePieceSeconds = 10;

/** Returns a recognizer once its model is loaded. @throws UndertoneError `artifact/*`, `features/*`, `runtime/unavailable`, `file/*`. */
export async function createRecognizer({
  model,
  wasm,
  encoders = {},
  timeoutSeconds = 120,
}: BrowserRecognizerOptions): Promise<BrowserRecognizer> {
  const thread = recognizerThread(
    {
      model: model instanceof URL ? await fetchModel(model) : new Uint8Array(model.slice()),
      wasm: wasm?.href,
      encoders: Object.fromEntries(Object.entries(encoders).map(([file, url]) => [file, url.href])),
    },
    timeoutSeconds,
  );
  const { call } = thread;
  try {
    const { manifest, runtime } = await call("describe", undefined);
    return {
      manifest,
      runtime,
      listen: (file, options) => listenToFile(call, file, options),
      decode: (bytes, { signal } = {}) => call("decode", { bytes }, signal),
      recognize: (wave, { signal, ...known } = {}) => call("recognize", { wave, ...known }, signal),
      async timeline(wave, { signal, ...options } = {}) {
        const { samples, sampleRate } = wave;
        if (samples.length === 0)
          throw new UndertoneError("audio/empty", "The audio has no samples, expected at least one");
        const stream = await openStream(call, { ...options, sampleRate }, signal);
        const predictions: Prediction[] = [];
        const piece = timelinePieceSeconds * sampleRate;
        for (let at = 0; at < samples.length; at += piece)
          predictions.push(...(await stream.push(samples.subarray(at, at + piece))).predictions);
        return [...predictions, ...(await stream.finish()).predictions];
      },
      openStream: (options) => openStream(call, options),
      spectrogram: (wave, options = {}) => call("spectrogram", { wave, options }),
      close: () => thread.close(),
    };
  } catch (error) {
    thread.close();
    throw error;
  }
}

let nextStream = 0;

async function openStream(
  call: CallWorker,
  options: BrowserStreamOptions,
  signal?: AbortSignal,
): Promise<BrowserStream> {
  const stream = nextStream++;
  // What failed or was cancelled is not to be used afterwards.
  const orDrop = (error: unknown): never => {
    void call("drop", { stream }).catch(() => undefined);
    throw error;
  };
  await call("openStream", { stream, options }, signal).catch(orDrop);
  return {
    push: (samples) => call("push", { stream, samples }, signal).catch(orDrop),
    finish: () => call("finish", { stream }, signal).catch(orDrop),
  };
}

async function fetchModel(address: URL): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw new UndertoneError(
      "file/unreadable",
      "The model cannot be fetched, expected an answer from its address",
      { cause },
    );
  }
  if (!response.ok)
    throw new UndertoneError(
      "file/not-found",
      `The model cannot be fetched: the server answered ${response.status}`,
    );
  return new Uint8Array(await response.arrayBuffer());
}
