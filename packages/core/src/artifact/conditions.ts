/** Under what conditions a model learnt: pitch, tempo, noise and channel of its training recordings, and how those of others compare. */
import type { FeatureTable } from "../data/feature-table.js";
import { percentiles } from "../math/statistics.js";
import type { ArtifactManifest, ConditionProfile, ConditionRange } from "./manifest.js";

/** Deviations of a normal distribution from its mean to its 5th and 95th percentile. */
const toPercentile = 1.645;

/** The rate in Hz that conditions are measured at. */
const conditionsRate = 16000;

/** Returns the 5th, 50th and 95th percentile of numbers, at least one. */
export function conditionRange(values: readonly number[]): ConditionRange {
  const [low, median, high] = percentiles(values, [5, 50, 95]).map(Math.fround) as [number, number, number];
  return { low, median, high };
}

/** Returns the profile of recordings from their table of `conditions-v1`. */
export function conditionProfile({ ids, names, frames: { data, cols } }: FeatureTable): ConditionProfile {
  const column = (j: number): number[] => ids.map((_, i) => data[i * cols + j]);
  return {
    utterances: ids.length,
    known: Object.fromEntries(names.map((name, j) => [name, conditionRange(column(j))])),
  };
}

/**
 * Returns the range of each condition that a model knows, by its name in `conditions-v1`. Of a model that carries none they are told from the moments
 * of its features of these names, as if they were normally distributed, and the band is taken for all that it can hear; others are absent.
 * @param names those of the model's features.
 */
export function knownConditions(
  { conditions, reference, features }: Pick<ArtifactManifest, "conditions" | "reference" | "features">,
  names: readonly string[],
): Readonly<Record<string, ConditionRange>> {
  if (conditions) return conditions.known;
  const told = names.map((name, j) => {
    const [median, spread] = [reference.mean[j], toPercentile * reference.deviation[j]];
    return [name.split(":").at(-1)!, { low: median - spread, median, high: median + spread }] as const;
  });
  const bandHz = Math.min(features.sampleRate, conditionsRate) / 2;
  return { ...Object.fromEntries(told), bandHz: { low: bandHz, median: bandHz, high: bandHz } };
}
