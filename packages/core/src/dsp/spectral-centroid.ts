/** Centre of gravity of the spectrum. */
import type { Matrix } from "../math/matrix.js";
import { type SpectralMomentOptions, spectralMoments } from "./spectral-moments.js";

/**
 * Returns, per frame, the mean frequency in Hz weighted by magnitude, 0..sampleRate / 2; 0 for a silent frame.
 * As `librosa.feature.spectral_centroid(S=magnitude)`.
 */
export function spectralCentroid(
  magnitude: Matrix,
  { sampleRate, moments = spectralMoments(magnitude) }: SpectralMomentOptions,
): Float32Array {
  const { total, first } = moments;
  const binHz = sampleRate / (2 * (magnitude.cols - 1));
  const result = new Float32Array(magnitude.rows);
  for (let t = 0; t < result.length; t++) if (total[t] > 0) result[t] = (binHz * first[t]) / total[t];
  return result;
}
