/** A few numbers that tell one recording of a speaker from the speaker's others. */
import { pca } from "../cluster/pca.js";
import type { FeatureTable } from "../data/feature-table.js";
import { type Moments, standardized } from "../data/standardized.js";
import { alongAxes, type CoarseAxis, coarseAxis } from "../math/coarse-axes.js";
import { matrix } from "../math/matrix.js";
import { centreGroups } from "./centre-groups.js";
import { columnWeights } from "./ridge/column-weights.js";

/** Marks of a recording at most: chosen on inner folds of RAVDESS's training speakers, where 48 to 256 differ by less than chance. */
const mostMarks = 64;
/** Rows that a direction needs at least to be known. */
const rowsPerMark = 10;

/**
 * Returns the axes of marks: the whitened principal components (variance 1 each) of the standardized features, each block of columns
 * counting alike, after each speaker's own mean has been taken off. No axes for fewer than ten rows.
 * @param table one row an utterance, no value missing; `groups` are the speakers, in its order.
 */
export function fitMarks(
  table: FeatureTable,
  { groups, moments }: { readonly groups: Int32Array; readonly moments: Moments },
): CoarseAxis[] {
  const { data, rows, cols } = table.frames;
  const components = Math.min(mostMarks, cols, Math.floor(rows / rowsPerMark));
  if (components < 1) return [];
  const weights = columnWeights(table.names);
  const x = matrix(rows, cols);
  for (let i = 0; i < rows; i++)
    x.data.set(
      standardized(data.subarray(i * cols, (i + 1) * cols), moments).map((value, j) => value * weights[j]!),
      i * cols,
    );
  const found = pca(centreGroups(x, groups, 1), { components });
  const least = 1e-9 * found.variance.reduce((sum, value) => sum + value, 0);
  return Array.from(found.variance).flatMap((variance, a) =>
    variance > least
      ? [coarseAxis(weights.map((w, j) => (w * found.components.data[a * cols + j]!) / Math.sqrt(variance)))]
      : [],
  );
}

/** Returns the marks of a recording's features; what they are counted from is of no meaning. */
export function marksOf(
  features: ArrayLike<number>,
  { axes, moments }: { readonly axes: readonly CoarseAxis[]; readonly moments: Moments },
): number[] {
  return axes.length > 0 ? alongAxes(standardized(features, moments), axes) : [];
}
