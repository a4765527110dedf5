/** What is known of one collection of recordings, whoever speaks in them: plain JSON without any label. */
import { UndertoneError } from "../errors.js";
import { applyCalibration } from "../evaluate/calibration/index.js";
import { collectionScores } from "../evaluate/collection-adaptation.js";
import type { ArtifactManifest } from "./manifest.js";
import { allFinite, mostRecordings, roundedScores } from "./speaker-profile.js";

/** What a model said of a collection's recordings, or of the windows of one; a `SpeakerProfile` is one too. */
export interface CollectionProfile {
  /** Checksum of the model, so that no profile is taken for another model's. */
  readonly model: string;
  /** The latest of them, in the order in which they were heard: what the model said before anything was known, in the order of its classes. */
  readonly heard: readonly { readonly scores: readonly number[] }[];
}

/** Returns the profile of a collection of which nothing has been heard. @throws UndertoneError `artifact/not-adaptable`. */
export function newCollection(manifest: ArtifactManifest): CollectionProfile {
  expectAdaptable(manifest);
  return { model: manifest.checksum, heard: [] };
}

/** Returns the profile with one more recording in it. */
export function addScores(profile: CollectionProfile, scores: readonly number[]): CollectionProfile {
  return {
    model: profile.model,
    heard: [...profile.heard, { scores: roundedScores(scores) }].slice(-mostRecordings),
  };
}

/**
 * Checks that a profile is one of this model.
 * @throws UndertoneError `artifact/not-adaptable` for a model that says nothing of collections, `features/mismatch` for a profile of another model.
 */
export function checkCollection({ model, heard }: CollectionProfile, manifest: ArtifactManifest): void {
  expectAdaptable(manifest);
  const { checksum, name, classes } = manifest;
  if (
    model === checksum &&
    Array.isArray(heard) &&
    heard.every(({ scores }) => allFinite(scores, classes.length))
  )
    return;
  throw new UndertoneError(
    "features/mismatch",
    `The collection's profile is of the model '${model}', expected one of '${checksum}' (${name}) with ${classes.length} scores a recording`,
  );
}

/** Returns what turns scores into probabilities for this collection. */
export function adaptedScores(
  { heard }: CollectionProfile,
  manifest: ArtifactManifest,
): (recording: { readonly scores: readonly number[] }) => number[] {
  const calibrated = ({ scores }: { readonly scores: readonly number[] }): { scores: number[] } => ({
    scores: applyCalibration(scores, manifest.calibration),
  });
  const known = collectionScores(heard.map(calibrated), expectAdaptable(manifest));
  return (recording) => known(calibrated(recording));
}

function expectAdaptable({
  collections,
  name,
}: ArtifactManifest): NonNullable<ArtifactManifest["collections"]> {
  if (collections) return collections;
  throw new UndertoneError(
    "artifact/not-adaptable",
    `The model '${name}' does not say how it adapts to collections, expected one of classes that this version trained`,
  );
}
