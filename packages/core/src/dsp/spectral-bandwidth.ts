/** Width of the spectrum around its centre of gravity. */
import type { Matrix } from "../math/matrix.js";
import { type SpectralMomentOptions, spectralMoments } from "./spectral-moments.js";

/**
 * Returns, per frame, the deviation in Hz from the spectral centroid (root of the magnitude-weighted mean square); 0 for a silent
 * frame. As `librosa.feature.spectral_bandwidth(S=magnitude)` with p = 2.
 */
export function spectralBandwidth(
  magnitude: Matrix,
  { sampleRate, moments = spectralMoments(magnitude) }: SpectralMomentOptions,
): Float32Array {
  const { total, first, second } = moments;
  const binHz = sampleRate / (2 * (magnitude.cols - 1));
  const result = new Float32Array(magnitude.rows);
  for (let t = 0; t < result.length; t++) {
    const sum = total[t];
    if (sum > 0) result[t] = binHz * Math.sqrt(Math.max(0, second[t] / sum - (first[t] / sum) ** 2));
  }
  return result;
}
