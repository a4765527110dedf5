/** What is known of one speaker's voice, kept between recordings: plain JSON without any label. */
import { speakerOffset } from "../data/speaker-offset.js";
import { UndertoneError } from "../errors.js";
import type { ArtifactManifest } from "./manifest.js";

/** The running mean of a speaker's features over whole recordings. */
export interface SpeakerProfile {
  /** Fingerprint of the features' names, so that no profile is taken for one of other features. */
  readonly features: string;
  readonly count: number;
  /** One value a feature; of no meaning while `count` is 0. */
  readonly mean: readonly number[];
}

/** Returns the profile of a speaker of whom nothing has been heard. @throws UndertoneError `artifact/not-adaptable`. */
export function newSpeaker(manifest: ArtifactManifest): SpeakerProfile {
  expectAdaptable(manifest);
  const { namesChecksum, count } = manifest.features;
  return { features: namesChecksum, count: 0, mean: new Array<number>(count).fill(0) };
}

/** Returns the profile with one more recording in it. */
export function hearSpeaker(profile: SpeakerProfile, features: ArrayLike<number>): SpeakerProfile {
  const count = profile.count + 1;
  return {
    ...profile,
    count,
    mean: profile.mean.map((mean, j) => mean + (features[j]! - mean) / count),
  };
}

/**
 * Returns what to take off the features of this speaker, one value a feature.
 * @throws UndertoneError `artifact/not-adaptable` for a model that was not trained for it, `features/mismatch` for a profile of other features.
 */
export function profileOffset(profile: SpeakerProfile, manifest: ArtifactManifest): Float64Array {
  const { shrinkage } = expectAdaptable(manifest);
  const { namesChecksum, count: width, id } = manifest.features;
  const { features, count, mean } = profile;
  if (
    features !== namesChecksum ||
    !Array.isArray(mean) ||
    mean.length !== width ||
    !mean.every(Number.isFinite) ||
    !(Number.isSafeInteger(count) && count >= 0)
  ) {
    throw new UndertoneError(
      "features/mismatch",
      `The speaker's profile has ${Array.isArray(mean) ? mean.length : "no"} features of '${features}', expected the ${width} of '${id}' (${namesChecksum})`,
    );
  }
  return speakerOffset(profile, manifest.reference.mean, shrinkage);
}

function expectAdaptable({ speakers, name }: ArtifactManifest): { readonly shrinkage: number } {
  if (speakers) return speakers;
  throw new UndertoneError(
    "artifact/not-adaptable",
    `The model '${name}' was not trained to adapt to speakers, expected one trained with speakerCentring`,
  );
}
