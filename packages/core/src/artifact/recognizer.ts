/** Opens an artifact and says what it hears in recordings, in their windows, and in audio as it comes. */
import type { Waveform } from "../audio/waveform.js";
import { UndertoneError } from "../errors.js";
import { isEncoderSet } from "../features/composite-feature-set.js";
import type { EncoderResources, EncoderSet, OpenFeatureSet } from "../features/encoder-set.js";
import type { FeatureSet } from "../features/feature-set.js";
import { describeEncoderFile, type EncoderFile, isPackageFile } from "../onnx/encoder-file.js";
import type { OnnxRuntime, OnnxSession } from "../onnx/runtime.js";
import { adaptAsHeard } from "./adapt-to-collection.js";
import { hear } from "./hear.js";
import { openListener } from "./listen.js";
import type { ArtifactManifest } from "./manifest.js";
import type { Prediction } from "./prediction.js";
import { type CollectionProfile, checkProfile, newCollection, type SpeakerProfile } from "./profiles.js";
import { type ReadArtifactOptions, readArtifact } from "./read-artifact.js";
import {
  type RecognizerStream,
  type RecognizerStreamOptions,
  recognizerStream,
} from "./recognizer-stream.js";
import { type ScoringModel, score } from "./score.js";

/** Options of `openRecognizer`: models whose features need third-party networks are refused where these are not given. */
export interface RecognizerOptions extends ReadArtifactOptions, Partial<EncoderResources> {
  readonly runtime: OnnxRuntime;
}

/** Options of `Recognizer.recognize`. */
export interface RecognizeOptions {
  /** What is known of the speaker, from `newSpeaker` or an earlier prediction; the recording itself is heard too. */
  readonly speaker?: SpeakerProfile | undefined;
  /** What is known of the recording's collection, from `newCollection` or an earlier prediction; the recording itself is heard too. */
  readonly collection?: CollectionProfile | undefined;
}

/** Options of `Recognizer.timeline`. */
export type TimelineOptions = Pick<
  RecognizerStreamOptions,
  "speaker" | "collection" | "windowSeconds" | "hopSeconds" | "signal"
>;

/** An opened artifact, ready to hear; close it when done. */
export interface Recognizer {
  readonly manifest: ArtifactManifest;
  /**
   * Returns what is heard in the whole waveform, which may have any sample rate; the label is null where there is no speech.
   * @throws UndertoneError `audio/empty`, `audio/not-finite`, `audio/bad-sample-rate`; with a speaker or a collection,
   * `artifact/not-adaptable` and `features/mismatch`.
   */
  recognize(wave: Waveform, options?: RecognizeOptions): Promise<Prediction>;
  /**
   * Returns one prediction a window, in order of time. Windows are full ones, the last ends with the audio; audio shorter than a
   * window gives one. Memory beyond the waveform's does not grow with its length, except for the predictions.
   * @throws UndertoneError as `recognize`; RangeError for a window or hop that is not positive.
   */
  timeline(wave: Waveform, options?: TimelineOptions): Promise<Prediction[]>;
  /**
   * Opens a stream for audio as it comes; all its predictions together are those of `timeline`.
   * @throws UndertoneError `audio/bad-sample-rate`; RangeError for a window or hop that is not positive.
   */
  openStream(options: RecognizerStreamOptions): RecognizerStream;
  /** Releases the session; later calls reject. */
  close(): Promise<void>;
}

/** Audio that `timeline` takes at a time, in seconds, or one hop if that is more. */
const pieceSeconds = 10;

/**
 * Returns a recognizer for an artifact's bytes.
 * @throws UndertoneError as `readArtifact` does, `runtime/unavailable` when the graph cannot be loaded, and `features/encoder-missing` or
 * `features/encoder-mismatch` when a network that the features need is not to be had.
 */
export async function openRecognizer(bytes: Uint8Array, options: RecognizerOptions): Promise<Recognizer> {
  const { manifest, featureSet } = readArtifact(bytes, options);
  const set = await openSet(featureSet, manifest, options);
  try {
    return new ArtifactRecognizer(manifest, set, await options.runtime.load(bytes));
  } catch (error) {
    await set.close?.();
    throw error;
  }
}

async function openSet(
  set: FeatureSet | EncoderSet,
  { features: { encoders = [] } }: ArtifactManifest,
  options: RecognizerOptions,
): Promise<OpenFeatureSet> {
  if (!isEncoderSet(set)) return set;
  const { encoderFile = set.files.length === 0 ? refuseEncoderFile : undefined } = options;
  // The id names a file by its content alone; where that may be found, the manifest tells.
  const described = (file: EncoderFile): EncoderFile =>
    isPackageFile(file) ? file : { ...file, ...encoders.find(({ sha256 }) => sha256 === file.sha256) };
  if (encoderFile) return set.open({ ...options, encoderFile: (file) => encoderFile(described(file)) });
  throw new UndertoneError(
    "features/encoder-missing",
    `The model's features '${set.id}' need ${set.files.map(describeEncoderFile).join(" and ")}, expected the option 'encoderFile' to give it`,
  );
}

async function refuseEncoderFile(): Promise<never> {
  throw new RangeError("openRecognizer: a feature set asked for a file that it does not list");
}

class ArtifactRecognizer implements Recognizer {
  readonly manifest: ArtifactManifest;
  readonly #set: OpenFeatureSet;
  #session: OnnxSession | undefined;

  constructor(manifest: ArtifactManifest, set: OpenFeatureSet, session: OnnxSession) {
    this.manifest = manifest;
    this.#set = set;
    this.#session = session;
  }

  async recognize(wave: Waveform, { speaker, collection }: RecognizeOptions = {}): Promise<Prediction> {
    checkWave(wave);
    if (speaker) checkProfile(speaker, this.manifest, "speaker");
    if (collection) checkProfile(collection, this.manifest, "collection");
    return this.#whileOpen(async () => {
      const hearing = await hear(wave, { set: this.#set, facts: this.manifest });
      const [prediction] = await score([{ hearing, part: "recording", speaker, collection }], this.#model());
      return prediction!;
    });
  }

  async timeline(wave: Waveform, options: TimelineOptions = {}): Promise<Prediction[]> {
    checkWave(wave);
    const { samples, sampleRate } = wave;
    const stream = this.openStream({ ...options, sampleRate });
    const hopSeconds = options.hopSeconds ?? this.manifest.timeline.hopSeconds;
    const piece = Math.ceil(Math.max(hopSeconds, pieceSeconds) * sampleRate);
    const predictions: Prediction[] = [];
    for (let at = 0; at < samples.length; at += piece)
      predictions.push(...(await stream.push(samples.subarray(at, at + piece))));
    predictions.push(...(await stream.finish()));
    return predictions;
  }

  openStream(options: RecognizerStreamOptions): RecognizerStream {
    checkRate(options.sampleRate);
    const {
      windowSeconds = this.manifest.timeline.windowSeconds,
      hopSeconds = this.manifest.timeline.hopSeconds,
      speaker,
      collection: given,
    } = options;
    const collection = given === "windows" ? newCollection(this.manifest) : given;
    const asHeard = given === "windows" ? adaptAsHeard(this.manifest) : undefined;
    const listener = openListener(options.sampleRate, { set: this.#set, facts: this.manifest });
    const whileOpen: typeof listener = {
      ...listener,
      hear: async (window) => this.#model() && listener.hear(window),
    };
    const stream = recognizerStream(
      { ...options, windowSeconds, hopSeconds },
      whileOpen,
      async (hearings) => {
        const heard = await score(
          hearings.map((hearing) => ({ hearing, part: "window", speaker, collection })),
          this.#model(),
        );
        return asHeard ? heard.map(asHeard) : heard;
      },
    );
    return {
      ...stream,
      push: (samples) => this.#whileOpen(() => stream.push(samples)),
      finish: () => this.#whileOpen(() => stream.finish()),
    };
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (!session) return;
    try {
      await session.close();
    } finally {
      await this.#set.close?.();
    }
  }

  /** Does the work; what it fails with once the recognizer is closed, such as a session that is gone, is `cancelled`. */
  async #whileOpen<T>(work: () => Promise<T>): Promise<T> {
    this.#model();
    try {
      return await work();
    } catch (error) {
      this.#model();
      throw error;
    }
  }

  #model(): ScoringModel {
    if (!this.#session) throw new UndertoneError("cancelled", "The recognizer is closed");
    return { session: this.#session, manifest: this.manifest };
  }
}

function checkRate(sampleRate: number): void {
  if (!Number.isInteger(sampleRate) || sampleRate <= 0) {
    throw new UndertoneError(
      "audio/bad-sample-rate",
      `The audio has a sample rate of ${sampleRate} Hz, expected a positive whole number`,
    );
  }
}

function checkWave({ samples, sampleRate }: Waveform): void {
  checkRate(sampleRate);
  if (samples.length === 0)
    throw new UndertoneError("audio/empty", "The audio has no samples, expected at least one");
  for (let i = 0; i < samples.length; i++) {
    if (!Number.isFinite(samples[i])) {
      throw new UndertoneError(
        "audio/not-finite",
        `Sample ${i} of the audio is ${samples[i]}, expected finite numbers`,
      );
    }
  }
}
