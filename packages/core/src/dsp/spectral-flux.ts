/** Spectral flux: how much louder the bands become from frame to frame. */
import type { Matrix } from "../math/matrix.js";

/**
 * Returns, per frame, the mean over bands of the rise in dB since the previous frame, falls counted as 0; 0 for the first frame.
 * The onset strength of Böck & Widmer 2013 without maximum filter, as `librosa.onset.onset_strength(S=logMel, center=False)`.
 */
export function spectralFlux(levels: Matrix): Float32Array {
  const { rows, cols, data } = levels;
  const result = new Float32Array(rows);
  for (let t = 1; t < rows; t++) {
    let sum = 0;
    for (let i = t * cols, end = i + cols; i < end; i++) {
      const rise = data[i] - data[i - cols];
      if (rise > 0) sum += rise;
    }
    result[t] = sum / cols;
  }
  return result;
}
