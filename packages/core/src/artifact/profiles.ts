/** What is known of one speaker or one collection, kept between recordings: plain JSON without any label. */
import { UndertoneError } from "../errors.js";
import { applyCalibration } from "../evaluate/calibration/index.js";
import { type CollectionKind, learnCollection } from "../learn/learn-collection.js";
import { learnSpeaker, type ScoredRecording } from "../learn/learn-speaker.js";
import { marksOf } from "../learn/recording-marks.js";
import type { CoarseAxis } from "../math/coarse-axes.js";
import type { ArtifactManifest } from "./manifest.js";

/** What a model said of a speaker's whole recordings. */
export interface SpeakerProfile {
  /** Checksum of the model, so that no profile is taken for another model's. */
  readonly model: string;
  /** The latest recordings, in the order in which they were heard. */
  readonly heard: readonly HeardRecording[];
}

/** What a model said of a collection's recordings, or of the windows of one. */
export type CollectionProfile = SpeakerProfile;

/** What a model said of a recording. */
export interface HeardRecording {
  /** Before anything was known, uncalibrated, in the order of its classes. */
  readonly scores: readonly number[];
  /** What tells it from others of its speaker. */
  readonly marks: readonly number[];
}

/** Scores with all that is known, and how far that is believed: scores of trust 0 are those for strangers. */
export interface KnownScores {
  readonly trust: number;
  /** Returns calibrated scores; a recording of the profile is known as the very object. */
  readonly scoresOf: (recording: HeardRecording) => readonly number[];
}

/** Recordings that a profile holds; older ones are let go. */
export const mostRecordings = 256;

/** Returns the profile of a speaker of whom nothing has been heard. @throws UndertoneError `artifact/not-adaptable`. */
export function newSpeaker(manifest: ArtifactManifest): SpeakerProfile {
  expectAdaptable(manifest, "speaker");
  return { model: manifest.checksum, heard: [] };
}

/** Returns the profile of a collection of which nothing has been heard. @throws UndertoneError `artifact/not-adaptable`. */
export function newCollection(manifest: ArtifactManifest): CollectionProfile {
  expectAdaptable(manifest, "collection");
  return { model: manifest.checksum, heard: [] };
}

/** Returns what a model says of a recording: its scores, and the marks of its features. */
export function heardRecording(
  manifest: ArtifactManifest,
  features: ArrayLike<number>,
  scores: readonly number[],
): HeardRecording {
  return { scores, marks: marksOf(features, { axes: markAxes(manifest), moments: manifest.reference }) };
}

/** Returns the profile with one more recording in it, of fewer digits. */
export function addRecording(profile: SpeakerProfile, { scores, marks }: HeardRecording): SpeakerProfile {
  const latest = { scores: fiveDigits(scores), marks: fiveDigits(marks) };
  return { ...profile, heard: [...profile.heard, latest].slice(-mostRecordings) };
}

function fiveDigits(values: readonly number[]): number[] {
  return values.map((value) => Number(value.toPrecision(5)));
}

/**
 * Checks that a profile is one of this model.
 * @throws UndertoneError `artifact/not-adaptable` for a model that was not trained for it, `features/mismatch` for a profile of another model.
 */
export function checkProfile(
  { model, heard }: SpeakerProfile,
  manifest: ArtifactManifest,
  kind: CollectionKind,
): void {
  expectAdaptable(manifest, kind);
  const { checksum, name, classes } = manifest;
  const { length } = markAxes(manifest);
  if (
    model === checksum &&
    Array.isArray(heard) &&
    heard.every(({ scores, marks }) => allFinite(scores, classes.length) && allFinite(marks, length))
  )
    return;
  throw new UndertoneError(
    "features/mismatch",
    `The ${kind}'s profile is of the model '${model}', expected one of '${checksum}' (${name}) with ${classes.length} scores and ${length} marks a recording`,
  );
}

function allFinite(values: unknown, length: number): boolean {
  return Array.isArray(values) && values.length === length && values.every(Number.isFinite);
}

/** Returns what turns scores into those for this speaker or collection; `centre` are the scores of the average voice. */
export function knownScores(
  { heard }: SpeakerProfile,
  manifest: ArtifactManifest,
  { kind, centre }: { readonly kind: CollectionKind; readonly centre: readonly number[] },
): KnownScores {
  const { calibration, speakers, collections } = manifest;
  if (kind === "speaker" && speakers) {
    const { shrinkage, variances } = speakers;
    const learnt = learnSpeaker(heard, { shrinkage, centre, variances });
    const scoresOf = (recording: HeardRecording): readonly number[] =>
      applyCalibration(learnt(recording), speakers.calibration ?? calibration);
    return { trust: heard.length > 0 ? 1 : 0, scoresOf };
  }
  const forStranger = ({ scores, marks }: HeardRecording): ScoredRecording => ({
    scores: applyCalibration(scores, calibration),
    marks,
  });
  const known = new Map(heard.map((one) => [one, forStranger(one)]));
  const { trust, scoresOf } = learnCollection([...known.values()], collections!, kind);
  return { trust, scoresOf: (recording) => scoresOf(known.get(recording) ?? forStranger(recording)) };
}

/** Returns the axes of marks, none in older models of few speakers. */
function markAxes({ speakers, collections }: ArtifactManifest): readonly CoarseAxis[] {
  return speakers?.axes ?? collections?.axes ?? [];
}

/** Returns whether a model says how it adapts to collections, or to speakers: what corpora told of collections serves for these too. */
export function adaptsTo(
  { speakers, collections }: Pick<ArtifactManifest, "speakers" | "collections">,
  kind: CollectionKind,
): boolean {
  if (kind === "collection") return collections !== undefined;
  return speakers !== undefined || collections?.of === "corpora";
}

/** @throws UndertoneError `artifact/not-adaptable`. */
function expectAdaptable(manifest: ArtifactManifest, kind: CollectionKind): void {
  const { name } = manifest;
  if (adaptsTo(manifest, kind)) return;
  throw new UndertoneError(
    "artifact/not-adaptable",
    kind === "collection"
      ? `The model '${name}' does not say how it adapts to collections, expected one of classes that this version trained`
      : `The model '${name}' was not trained to adapt to speakers, expected one trained with speakerCentring or on several corpora`,
  );
}
