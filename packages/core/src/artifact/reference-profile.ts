/** The moments of the training features, kept in the artifact for later comparison with what is heard in use. */
import type { FeatureTable } from "../data/feature-table.js";
import { columnMoments } from "../data/standardized.js";
import type { ReferenceProfile } from "./manifest.js";

/** Returns mean and population deviation of each column over all rows, rounded to float32. */
export function referenceProfile(table: FeatureTable): ReferenceProfile {
  const { mean, deviation } = columnMoments(table);
  return {
    utterances: table.ids.length,
    mean: Array.from(mean, Math.fround),
    deviation: Array.from(deviation, Math.fround),
  };
}
