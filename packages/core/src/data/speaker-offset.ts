/** How a speaker's voice differs from the average voice, as far as a few of the speaker's utterances tell. */
import { type FeatureTable, takeUtterances } from "./feature-table.js";

/** Utterances of a speaker that the shrinkage of `speakerOffset` counts as heard of the average voice. */
export const defaultShrinkage = 4;

/** Returns the mean of each column over the given rows of a table with one row an utterance; over all rows when none are given. */
export function columnMeans({ frames }: FeatureTable, rows?: ArrayLike<number>): Float64Array {
  const { data, cols } = frames;
  const count = rows ? rows.length : frames.rows;
  const means = new Float64Array(cols);
  for (let r = 0; r < count; r++) {
    const from = (rows ? rows[r]! : r) * cols;
    for (let j = 0; j < cols; j++) means[j]! += data[from + j]!;
  }
  return means.map((sum) => sum / count);
}

/**
 * Returns what is to be taken off each feature of a speaker of whom `count` utterances with this mean are known:
 * count / (count + shrinkage) · (mean − centre), the mean shrunk towards that of all speakers; zeros for no utterance.
 */
export function speakerOffset(
  { count, mean }: { readonly count: number; readonly mean: ArrayLike<number> },
  centre: ArrayLike<number>,
  shrinkage: number,
): Float64Array {
  const trust = count / (count + shrinkage);
  return Float64Array.from(centre, (value, j) => (count === 0 ? 0 : trust * (mean[j]! - value)));
}

/** Returns a table of the same utterances, one row each, with an offset taken off each row. */
export function takeOff(table: FeatureTable, offsetOf: (row: number) => ArrayLike<number>): FeatureTable {
  const moved = takeUtterances(table, Int32Array.from(table.ids.keys()));
  const { data, rows, cols } = moved.frames;
  for (let i = 0; i < rows; i++) {
    const offset = offsetOf(i);
    for (let j = 0; j < cols; j++) data[i * cols + j]! -= offset[j]!;
  }
  return moved;
}
