/** Features in standard deviations of those that a model learnt from. */
import type { FeatureTable } from "./feature-table.js";

/** Mean and population deviation of each feature. */
export interface Moments {
  readonly mean: ArrayLike<number>;
  readonly deviation: ArrayLike<number>;
}

/** Standardized features count as at most this, so that one mad value does not decide. */
const mostDeviations = 10;

/** Returns the moments of each column over all rows. */
export function columnMoments({ frames: { data, rows, cols } }: Pick<FeatureTable, "frames">): {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
} {
  const mean = new Float64Array(cols);
  const deviation = new Float64Array(cols);
  for (let j = 0; j < cols; j++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += data[i * cols + j];
    mean[j] = sum / rows;
    let squares = 0;
    for (let i = 0; i < rows; i++) squares += (data[i * cols + j] - mean[j]) ** 2;
    deviation[j] = Math.sqrt(squares / rows);
  }
  return { mean, deviation };
}

/** Returns a row of features in standard deviations from the mean, at most ten; 0 for a feature that was constant. */
export function standardized(features: ArrayLike<number>, { mean, deviation }: Moments): Float64Array {
  const result = new Float64Array(mean.length);
  for (let j = 0; j < result.length; j++) {
    const spread = deviation[j];
    const value = spread > 0 ? (features[j] - mean[j]) / spread : 0;
    result[j] = Math.min(mostDeviations, Math.max(-mostDeviations, value));
  }
  return result;
}
