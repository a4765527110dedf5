/** From a waveform to the rows of features that a model scores: resampling, speech gate, playing speeds and feature set. */
import { changeSpeed } from "../audio/change-speed.js";
import { narrowBandHz } from "../audio/effective-band.js";
import { resample } from "../audio/resample.js";
import { durationSeconds, type Waveform } from "../audio/waveform.js";
import { isUndertoneError } from "../errors.js";
import { checkWaveform } from "../features/check-waveform.js";
import type { OpenFeatureSet } from "../features/encoder-set.js";
import { openSpeechGate, type SpeechActivity } from "../features/speech-activity.js";
import { type SpeechFrames, speechFrames } from "../features/speech-frames.js";
import { seedFraming } from "../features/speech-level.js";
import type { Matrix } from "../math/matrix.js";
import type { ArtifactManifest, SpeechGate } from "./manifest.js";
import type { AbstainReason } from "./prediction.js";

/** What a stretch of audio is to a model before it is scored: a plain record, which may be sent to another thread. */
export type Hearing = FeatureRows | NoFeatures;

interface Stretch {
  /** Seconds from the start of the audio. */
  readonly start: number;
  readonly end: number;
}

/** The features of a stretch. */
export interface FeatureRows extends Stretch {
  /** One row for each of `playingSpeeds`. */
  readonly rows: readonly Float32Array[];
  /** As `Prediction.bandHz`. */
  readonly bandHz?: number | undefined;
}

/** A stretch without features. */
export interface NoFeatures extends Stretch {
  readonly reason: Extract<AbstainReason, "too-short" | "no-speech">;
}

/** What hearing asks of a model. */
export type HearingFacts = Pick<ArtifactManifest, "features" | "speech">;

const { sampleRate: gateSampleRate } = seedFraming;

/** Returns the speeds at which a model hears each stretch; what it says is the mean over them. */
export function playingSpeeds({
  features: { speeds = [1] },
}: Pick<ArtifactManifest, "features">): readonly number[] {
  return speeds;
}

/** Returns the index of the speed at which a recording is most as it is. */
export function closestToAsItIs(speeds: readonly number[]): number {
  const far = speeds.map((speed) => Math.abs(speed - 1));
  return far.indexOf(Math.min(...far));
}

/**
 * Returns the features of a waveform at any sample rate that begins `start` seconds into the audio, or why there are none.
 * @throws UndertoneError as `OpenFeatureSet.extract`, but for silence and too few samples, which are reasons.
 */
export async function hear(
  wave: Waveform,
  {
    set,
    facts,
    start = 0,
  }: { readonly set: OpenFeatureSet; readonly facts: HearingFacts; readonly start?: number },
): Promise<Hearing> {
  const end = start + durationSeconds(wave);
  const { speech } = facts;
  if (end - start < speech.minSeconds) return { start, end, reason: "too-short" };
  const audio = resample(wave, set.sampleRate);
  const gated = resample(audio, gateSampleRate);
  checkWaveform(gated, { asker: "the speech gate", sampleRate: gateSampleRate, minSamples: 1 });
  const frames = speechFrames(gated.samples);
  if (!passesGate(openSpeechGate(frames)({ first: 0, count: frames.end }), speech))
    return { start, end, reason: "no-speech" };
  try {
    const rows: Float32Array[] = [];
    for (const speed of playingSpeeds(facts)) {
      const played = changeSpeed(audio, speed);
      // What the gate has computed serves the features too.
      const own = played === gated ? frames : undefined;
      const { rows: count, data } = await wholeRow(set, played, own);
      if (count !== 1) throw new RangeError(`Feature set '${set.id}' gave ${count} rows, expected one`);
      rows.push(data);
    }
    return { start, end, rows, bandHz: narrowBandHz(wave, set.sampleRate) };
  } catch (error) {
    return { start, end, reason: reasonOf(error) };
  }
}

/** Returns why there are no features, where an error of a feature set says so. @throws the error in all other cases. */
export function reasonOf(error: unknown): NoFeatures["reason"] {
  if (isUndertoneError(error, "audio/silent")) return "no-speech";
  if (isUndertoneError(error, "audio/too-short")) return "too-short";
  throw error;
}

function wholeRow(
  set: OpenFeatureSet,
  wave: Waveform,
  frames: SpeechFrames | undefined,
): Matrix | Promise<Matrix> {
  if (!set.openWindows) return set.extract(wave);
  const own = frames ?? speechFrames(wave.samples);
  return set.openWindows(own, { once: true }).row({ first: 0, count: own.end });
}

/** Returns whether what the speech gate measured is enough for a model. */
export function passesGate(
  {
    speech,
    activeSeconds,
    voicedSeconds,
  }: Pick<SpeechActivity, "speech" | "activeSeconds" | "voicedSeconds">,
  gate: SpeechGate,
): boolean {
  return speech && activeSeconds >= gate.minActiveSeconds && voicedSeconds >= gate.minVoicedSeconds;
}
