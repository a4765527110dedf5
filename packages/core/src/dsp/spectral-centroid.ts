/** Centre of gravity of the spectrum. */
import type { Matrix } from "../math/matrix.js";

/**
 * Returns, per frame, the mean frequency in Hz weighted by magnitude, 0..sampleRate / 2; 0 for a silent frame.
 * As `librosa.feature.spectral_centroid(S=magnitude)`.
 */
export function spectralCentroid(magnitude: Matrix, sampleRate: number): Float32Array {
  const { rows, cols, data } = magnitude;
  const binHz = sampleRate / (2 * (cols - 1));
  const result = new Float32Array(rows);
  for (let t = 0; t < rows; t++) {
    let total = 0;
    let moment = 0;
    for (let k = 0, at = t * cols; k < cols; k++, at++) {
      total += data[at];
      moment += k * data[at];
    }
    result[t] = total > 0 ? (binHz * moment) / total : 0;
  }
  return result;
}
