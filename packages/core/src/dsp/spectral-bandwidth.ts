/** Width of the spectrum around its centre of gravity. */
import type { Matrix } from "../math/matrix.js";

/**
 * Returns, per frame, the deviation in Hz from the spectral centroid (root of the magnitude-weighted mean square); 0 for a silent
 * frame. As `librosa.feature.spectral_bandwidth(S=magnitude)` with p = 2.
 */
export function spectralBandwidth(magnitude: Matrix, sampleRate: number): Float32Array {
  const { rows, cols, data } = magnitude;
  const binHz = sampleRate / (2 * (cols - 1));
  const result = new Float32Array(rows);
  for (let t = 0; t < rows; t++) {
    let total = 0;
    let first = 0;
    for (let k = 0, at = t * cols; k < cols; k++, at++) {
      total += data[at];
      first += k * data[at];
    }
    if (total === 0) continue;
    const centroid = first / total;
    let second = 0;
    for (let k = 0, at = t * cols; k < cols; k++, at++) second += data[at] * (k - centroid) * (k - centroid);
    result[t] = binHz * Math.sqrt(second / total);
  }
  return result;
}
