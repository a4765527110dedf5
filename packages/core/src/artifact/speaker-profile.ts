/** What is known of one speaker's voice, kept between recordings: plain JSON without any label. */
import { UndertoneError } from "../errors.js";
import { learnSpeaker, type ScoredRecording } from "../learn/learn-speaker.js";
import { marksOf } from "../learn/recording-marks.js";
import type { ArtifactManifest } from "./manifest.js";

/** What a model said of a speaker's whole recordings. */
export interface SpeakerProfile {
  /** Checksum of the model, so that no profile is taken for another model's. */
  readonly model: string;
  /** The latest recordings, in the order in which they were heard. */
  readonly heard: readonly {
    /** What the model said of it before anything was known of the speaker, in the order of its classes. */
    readonly scores: readonly number[];
    /** What tells it from the speaker's other recordings. */
    readonly marks: readonly number[];
  }[];
}

/** Recordings that a profile holds; older ones are let go. */
export const mostRecordings = 256;

/** Returns the profile of a speaker of whom nothing has been heard. @throws UndertoneError `artifact/not-adaptable`. */
export function newSpeaker(manifest: ArtifactManifest): SpeakerProfile {
  expectAdaptable(manifest);
  return { model: manifest.checksum, heard: [] };
}

/** Returns what a model says of a recording: its scores, and the marks of its features. */
export function scoredRecording(
  manifest: ArtifactManifest,
  features: ArrayLike<number>,
  scores: readonly number[],
): ScoredRecording {
  const { axes = [] } = expectAdaptable(manifest);
  return { scores, marks: marksOf(features, { axes, moments: manifest.reference }) };
}

/** Returns the profile with one more recording in it. */
export function addRecording(profile: SpeakerProfile, { scores, marks }: ScoredRecording): SpeakerProfile {
  const latest = { scores: roundedScores(scores), marks: roundedScores(marks) };
  return { ...profile, heard: [...profile.heard, latest].slice(-mostRecordings) };
}

/** Returns numbers as profiles keep them. */
export function roundedScores(values: ArrayLike<number>): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(5)));
}

/** Whether a value is a list of so many finite numbers. */
export function allFinite(values: unknown, length: number): boolean {
  return Array.isArray(values) && values.length === length && values.every(Number.isFinite);
}

/**
 * Checks that a profile is one of this model.
 * @throws UndertoneError `artifact/not-adaptable` for a model that was not trained for it, `features/mismatch` for a profile of another model.
 */
export function checkProfile({ model, heard }: SpeakerProfile, manifest: ArtifactManifest): void {
  const { axes = [] } = expectAdaptable(manifest);
  if (
    model === manifest.checksum &&
    Array.isArray(heard) &&
    heard.every(
      ({ scores, marks }) => allFinite(scores, manifest.classes.length) && allFinite(marks, axes.length),
    )
  )
    return;
  throw new UndertoneError(
    "features/mismatch",
    `The speaker's profile is of the model '${model}', expected one of '${manifest.checksum}' (${manifest.name}) with ${manifest.classes.length} scores and ${axes.length} marks a recording`,
  );
}

/** Returns what turns scores into those for this speaker; `centre` are the scores of the average voice. @throws UndertoneError as `checkProfile`. */
export function speakerScores(
  profile: SpeakerProfile,
  manifest: ArtifactManifest,
  centre: readonly number[],
): (recording: ScoredRecording) => number[] {
  checkProfile(profile, manifest);
  const { shrinkage, variances } = expectAdaptable(manifest);
  return learnSpeaker(profile.heard, { shrinkage, centre, variances });
}

function expectAdaptable({ speakers, name }: ArtifactManifest): NonNullable<ArtifactManifest["speakers"]> {
  if (speakers) return speakers;
  throw new UndertoneError(
    "artifact/not-adaptable",
    `The model '${name}' was not trained to adapt to speakers, expected one trained with speakerCentring`,
  );
}
