/** The list of feature sets: contract tests, commands and artifacts find them here. */
import { listChoices, UndertoneError } from "../errors.js";
import type { FeatureSet } from "./feature-set.js";
import { seedV1, seedV1Level } from "./seed-v1.js";

/** Every feature set, by age. */
export const featureSets: readonly FeatureSet[] = [seedV1, seedV1Level];

/**
 * Returns the feature set with that id.
 * @throws UndertoneError `features/unknown` naming the known ones.
 */
export function featureSet(id: string): FeatureSet {
  const found = featureSets.find((set) => set.id === id);
  if (found) return found;
  throw new UndertoneError(
    "features/unknown",
    `Unknown feature set: got '${id}', expected ${listChoices(featureSets.map((set) => set.id))}`,
    { details: { id } },
  );
}
