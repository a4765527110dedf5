/** The list of feature sets: contract tests, commands and artifacts find them here. */
import { expectedOneOf, UndertoneError } from "../errors.js";
import { compositeFeatureSet, compositeParts, isEncoderSet } from "./composite-feature-set.js";
import { conditionedFeatureSet, conditionedParts } from "./conditioned-feature-set.js";
import { conditionsV1 } from "./conditions-v1.js";
import { egemapsV02 } from "./egemaps-v02.js";
import { egemapsV02Lld } from "./egemaps-v02-lld.js";
import { isEncoderId } from "./encoder/encoder-id.js";
import { encoderFileSet } from "./encoder/index.js";
import type { EncoderResources, EncoderSet, OpenFeatureSet } from "./encoder-set.js";
import type { FeatureSet } from "./feature-set.js";
import { gemapsV01b } from "./gemaps-v01b.js";
import { logmelV1 } from "./logmel-v1.js";
import { mfccV1 } from "./mfcc-v1.js";
import { prosodyV1 } from "./prosody-v1.js";
import { seedV1, seedV1Level } from "./seed-v1.js";
import { speechEmbeddingV1, speechEmbeddingV1Frames } from "./speech-embedding/index.js";

/** Every feature set that is open from the start, by age. */
export const featureSets: readonly FeatureSet[] = [
  seedV1,
  seedV1Level,
  logmelV1,
  mfccV1,
  egemapsV02,
  gemapsV01b,
  prosodyV1,
  egemapsV02Lld,
  conditionsV1,
];

/** Every feature set that needs a network from a package, by age. */
export const encoderSets: readonly EncoderSet[] = [speechEmbeddingV1, speechEmbeddingV1Frames];

/**
 * Returns the feature set with that id, one that is open from the start.
 * @throws UndertoneError `features/unknown` naming the known ones.
 */
export function featureSet(id: string): FeatureSet {
  const found = featureSets.find((set) => set.id === id);
  if (found) return found;
  throw new UndertoneError(
    "features/unknown",
    `Unknown feature set: got '${id}', ${expectedOneOf(
      id,
      featureSets.map((set) => set.id),
    )}`,
    { details: { id } },
  );
}

/**
 * Returns what is known of any feature set, plain, with a network or several joined by `+` (`seed-v1+speech-embedding-v1`), from an encoder file (`encoder:…`), or of
 * recordings that are conditioned first (`trim,loudness/seed-v1`); it may have to be opened.
 * @throws UndertoneError `features/unknown` naming the known ones; `features/mismatch` for sets that do not go together;
 * `condition/bad-step`.
 */
export function anyFeatureSet(id: string): FeatureSet | EncoderSet {
  const known = [...featureSets, ...encoderSets];
  const { steps, rest } = conditionedParts(id);
  const parts = compositeParts(rest).map((part) => {
    const found = known.find((set) => set.id === part);
    if (found) return found;
    if (isEncoderId(part)) return encoderFileSet(part);
    const choices = [...known.map((set) => set.id), "encoder:NAME of a file that was added"];
    throw new UndertoneError(
      "features/unknown",
      `Unknown feature set: got '${part}', ${expectedOneOf(part, choices)}`,
      { details: { id } },
    );
  });
  const set = parts.length === 1 ? parts[0] : compositeFeatureSet(parts);
  return steps === undefined ? set : conditionedFeatureSet(steps, set);
}

/**
 * Returns any feature set ready to extract; close it when done. Plain sets need no resources.
 * @throws UndertoneError as `anyFeatureSet`; `features/encoder-missing`, `features/encoder-mismatch`, `runtime/unavailable`.
 */
export async function openFeatureSet(id: string, resources: EncoderResources): Promise<OpenFeatureSet> {
  const set = anyFeatureSet(id);
  return isEncoderSet(set) ? set.open(resources) : set;
}
