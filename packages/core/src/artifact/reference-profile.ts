/** The moments of the training features, kept in the artifact for later comparison with what is heard in use. */
import type { FeatureTable } from "../data/feature-table.js";
import type { ReferenceProfile } from "./manifest.js";

/** Returns mean and population deviation of each column over all rows, rounded to seven significant digits. */
export function referenceProfile(table: FeatureTable): ReferenceProfile {
  const { data, rows, cols } = table.frames;
  const mean: number[] = [];
  const deviation: number[] = [];
  for (let j = 0; j < cols; j++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += data[i * cols + j]!;
    const centre = sum / rows;
    let squares = 0;
    for (let i = 0; i < rows; i++) squares += (data[i * cols + j]! - centre) ** 2;
    mean.push(sevenDigits(centre));
    deviation.push(sevenDigits(Math.sqrt(squares / rows)));
  }
  return { utterances: table.ids.length, mean, deviation };
}

function sevenDigits(value: number): number {
  return Number(value.toPrecision(7));
}
