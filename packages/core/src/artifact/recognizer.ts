/** Opens an artifact and says what it hears: resampling, speech gate, features, graph and calibration in one place. */
import { changeSpeed } from "../audio/change-speed.js";
import { resample } from "../audio/resample.js";
import { durationSeconds, type Waveform } from "../audio/waveform.js";
import { isUndertoneError, UndertoneError } from "../errors.js";
import { applyCalibration } from "../evaluate/calibration/index.js";
import { predictionSet } from "../evaluate/trust/conformal.js";
import { isEncoderSet } from "../features/composite-feature-set.js";
import type { EncoderResources, EncoderSet, OpenFeatureSet } from "../features/encoder-set.js";
import type { FeatureSet } from "../features/feature-set.js";
import { speechActivity } from "../features/speech-activity.js";
import { describeEncoderFile, type EncoderFile, isPackageFile } from "../onnx/encoder-file.js";
import type { OnnxRuntime, OnnxSession } from "../onnx/runtime.js";
import type { ArtifactManifest, SpeechGate } from "./manifest.js";
import { outOfDistribution } from "./out-of-distribution.js";
import type { AbstainReason, Prediction } from "./prediction.js";
import { type ReadArtifactOptions, readArtifact } from "./read-artifact.js";
import {
  type RecognizerStream,
  type RecognizerStreamOptions,
  recognizerStream,
} from "./recognizer-stream.js";
import {
  checkProfile,
  heardRecording,
  hearSpeaker,
  type SpeakerProfile,
  speakerScores,
} from "./speaker-profile.js";

/** Options of `openRecognizer`: models whose features need third-party networks are refused where these are not given. */
export interface RecognizerOptions extends ReadArtifactOptions, Partial<EncoderResources> {
  readonly runtime: OnnxRuntime;
}

/** Options of `Recognizer.recognize`. */
export interface RecognizeOptions {
  /** What is known of the speaker, from `newSpeaker` or an earlier prediction; the recording itself is heard too. */
  readonly speaker?: SpeakerProfile | undefined;
}

/** Options of `Recognizer.timeline`. */
export interface TimelineOptions {
  /** What is known of the speaker; windows are no recordings and add nothing to it. */
  readonly speaker?: SpeakerProfile | undefined;
  /** Length of a window in seconds; default: the artifact's. */
  readonly windowSeconds?: number | undefined;
  /** From one window's start to the next one's, in seconds; default: the artifact's. */
  readonly hopSeconds?: number | undefined;
  /** Any `AbortSignal` fits. */
  readonly signal?: { throwIfAborted(): void } | undefined;
}

/** An opened artifact, ready to hear; close it when done. */
export interface Recognizer {
  readonly manifest: ArtifactManifest;
  /**
   * Returns what is heard in the whole waveform, which may have any sample rate; the label is null where there is no speech.
   * @throws UndertoneError `audio/empty`, `audio/not-finite`, `audio/bad-sample-rate`; with a speaker, `artifact/not-adaptable` and
   * `features/mismatch`.
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

/** The rate in Hz that `speechActivity` takes. */
const gateSampleRate = 16000;

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
  /** The scores of the average voice, once they are asked for. */
  #average: Promise<Heard[]> | undefined;

  constructor(manifest: ArtifactManifest, set: OpenFeatureSet, session: OnnxSession) {
    this.manifest = manifest;
    this.#set = set;
    this.#session = session;
  }

  async recognize(wave: Waveform, { speaker }: RecognizeOptions = {}): Promise<Prediction> {
    checkWave(wave);
    if (speaker) checkProfile(speaker, this.manifest);
    const look = await this.#look(wave, 0);
    if (!look.features) return { ...this.#unheard(look), speaker };
    const features = look.features[this.#asItIs];
    const [raw] = await this.#run([look.features]);
    const strangeness = this.#strangeness(features);
    const found = { ...look, strangeness };
    if (!speaker) return this.#prediction(raw!, found);
    const heard = hearSpeaker(speaker, heardRecording(this.manifest, features, raw!.scores));
    const [adapted] = await this.#adapted(heard, [raw!], [look]);
    return { ...this.#prediction(adapted!, found, heard), speaker: heard };
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
      signal,
    } = options;
    return recognizerStream({ ...options, windowSeconds, hopSeconds }, async (windows) => {
      const looks: Look[] = [];
      for (const { wave, start } of windows) {
        signal?.throwIfAborted();
        looks.push(await this.#look(wave, start));
      }
      return this.#predict(looks, speaker);
    });
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (!session) return;
    await session.close();
    await this.#set.close?.();
  }

  /** Returns the features of a stretch of audio that begins at `start` seconds, or why there are none. */
  async #look(wave: Waveform, start: number): Promise<Look> {
    if (!this.#session) throw new UndertoneError("cancelled", "The recognizer is closed");
    const end = start + durationSeconds(wave);
    const { speech } = this.manifest;
    if (end - start < speech.minSeconds) return { start, end, reason: "too-short" };
    const audio = resample(wave, this.#set.sampleRate);
    try {
      if (!hasSpeech(audio, speech)) return { start, end, reason: "no-speech" };
      const features: Float32Array[] = [];
      for (const speed of this.manifest.features.speeds ?? [1]) {
        const { data, rows } = await this.#set.extract(changeSpeed(audio, speed));
        if (rows !== 1) throw new RangeError(`Feature set '${this.#set.id}' gave ${rows} rows, expected one`);
        features.push(data);
      }
      return { start, end, features };
    } catch (error) {
      if (isUndertoneError(error, "audio/silent")) return { start, end, reason: "no-speech" };
      if (isUndertoneError(error, "audio/too-short")) return { start, end, reason: "too-short" };
      throw error;
    }
  }

  /** The index of the speed at which speakers are known: the one closest to 1. */
  get #asItIs(): number {
    const far = (this.manifest.features.speeds ?? [1]).map((speed) => Math.abs(speed - 1));
    return far.indexOf(Math.min(...far));
  }

  /** Returns how unlike training a whole recording is; the profile is one of whole recordings, so that it says nothing of windows. */
  #strangeness(features: Float32Array): number | undefined {
    const { outOfDistribution: profile, reference } = this.manifest;
    return profile && outOfDistribution(features, profile, reference);
  }

  /** Returns what is heard of a speaker who is known; values stay as they are. */
  async #adapted(speaker: SpeakerProfile, found: readonly Heard[], looks: readonly Look[]): Promise<Heard[]> {
    this.#average ??= this.#run([[Float32Array.from(this.manifest.reference.mean)]]);
    const [centre] = await this.#average;
    const adapt = speakerScores(speaker, this.manifest, centre!.scores);
    return found.map(({ scores, values }, i) => {
      const features = looks[i].features![this.#asItIs];
      return { scores: adapt(heardRecording(this.manifest, features, scores)), values };
    });
  }

  async #predict(looks: readonly Look[], speaker: SpeakerProfile | undefined): Promise<Prediction[]> {
    if (speaker) checkProfile(speaker, this.manifest);
    const heard = looks.filter((look) => look.features !== undefined);
    const raw = heard.length > 0 ? await this.#run(heard.map(({ features }) => features!)) : [];
    const found = speaker && raw.length > 0 ? await this.#adapted(speaker, raw, heard) : raw;
    let next = 0;
    return looks.map((look) =>
      look.features ? this.#prediction(found[next++], look, speaker) : this.#unheard(look),
    );
  }

  #unheard({ start, end, reason }: Look): Prediction {
    return { label: null, scores: {}, confidence: 0, reason: reason!, start, end };
  }

  /** Returns what the graph says of each stretch, averaged over its speeds: scores as they are, and values. */
  async #run(stretches: readonly (readonly Float32Array[])[]): Promise<Heard[]> {
    if (!this.#session) throw new UndertoneError("cancelled", "The recognizer is closed");
    const { input, output, classes, features, dimensions } = this.manifest;
    const rows = stretches.flat();
    const data = new Float32Array(rows.length * features.count);
    rows.forEach((row, i) => {
      data.set(row, i * features.count);
    });
    const outputs = await this.#session.run({ [input]: { dims: [rows.length, features.count], data } });
    const count = { stretches: stretches.length, speeds: stretches[0].length };
    const scores = output === undefined ? undefined : meanRows(outputs[output]?.data, classes.length, count);
    const values = dimensions && meanRows(outputs[dimensions.output]?.data, dimensions.values.length, count);
    return stretches.map((_, i) => ({ scores: scores?.[i] ?? [], values: values?.[i] ?? [] }));
  }

  #prediction(
    { scores: raw, values }: Heard,
    { start, end, strangeness }: Look,
    speaker?: SpeakerProfile,
  ): Prediction {
    const { classes, minConfidence, conformal, outOfDistribution: profile, dimensions } = this.manifest;
    const forKnown = speaker && speaker.heard.length > 0 ? this.manifest.speakers?.calibration : undefined;
    const scores = classes.length > 0 ? applyCalibration(raw, forKnown ?? this.manifest.calibration) : raw;
    const confidence = Math.max(0, ...scores);
    const reason =
      strangeness !== undefined && strangeness > profile!.abstainAbove
        ? "unfamiliar"
        : classes.length > 0 && confidence < minConfidence
          ? "uncertain"
          : undefined;
    return {
      label: reason ? null : (classes[scores.indexOf(confidence)] ?? null),
      scores: Object.fromEntries(classes.map((name, i) => [name, scores[i]])),
      confidence,
      ...(dimensions && {
        dimensions: Object.fromEntries(dimensions.values.map(({ name }, k) => [name, values[k]])),
      }),
      ...(conformal && { set: predictionSet(scores, conformal).map((k) => classes[k]) }),
      outOfDistribution: strangeness,
      ...(reason && { reason }),
      start,
      end,
    };
  }
}

/** What the graph says of one stretch of audio: a probability a class, a number a value. */
interface Heard {
  readonly scores: readonly number[];
  readonly values: readonly number[];
}

/** Returns one row a stretch, the mean of its speeds' rows of an output. @throws UndertoneError `artifact/invalid`. */
function meanRows(
  data: unknown,
  columns: number,
  { stretches, speeds }: { stretches: number; speeds: number },
): number[][] {
  if (!(data instanceof Float32Array) || data.length !== stretches * speeds * columns) {
    throw new UndertoneError(
      "artifact/invalid",
      `The model gave ${data instanceof Float32Array ? data.length : 0} numbers, expected ${stretches * speeds} × ${columns} float32`,
    );
  }
  return Array.from({ length: stretches }, (_, i) =>
    Array.from({ length: columns }, (__, k) => {
      let sum = 0;
      for (let v = 0; v < speeds; v++) sum += data[(i * speeds + v) * columns + k] / speeds;
      return sum;
    }),
  );
}

/** A stretch of audio on its way: its features, or why it has none. */
interface Look {
  readonly start: number;
  readonly end: number;
  /** At each of the artifact's speeds. */
  readonly features?: readonly Float32Array[];
  /** How unlike training a whole recording sounds as it is, before anything of the speaker is taken off, 0..1. */
  readonly strangeness?: number | undefined;
  readonly reason?: AbstainReason;
}

function hasSpeech(audio: Waveform, gate: SpeechGate): boolean {
  const { speech, activeSeconds, voicedSeconds } = speechActivity(resample(audio, gateSampleRate));
  return speech && activeSeconds >= gate.minActiveSeconds && voicedSeconds >= gate.minVoicedSeconds;
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
