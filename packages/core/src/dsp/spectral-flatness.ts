/** Flatness of the spectrum: 1 for white noise, near 0 for a tone (Dubnov 2004). */
import type { Matrix } from "../math/matrix.js";

/**
 * Returns, per frame, the geometric mean of the powers over their arithmetic mean, 0..1, powers below `floor` counted as `floor`;
 * 1 for a silent frame. As `librosa.feature.spectral_flatness(S=magnitude)`.
 */
export function spectralFlatness(
  power: Matrix,
  { floor = 1e-10 }: { floor?: number | undefined } = {},
): Float32Array {
  const { rows, cols, data } = power;
  const result = new Float32Array(rows);
  for (let t = 0; t < rows; t++) {
    let logs = 0;
    let product = 1;
    let sum = 0;
    for (let i = t * cols, end = i + cols; i < end; i++) {
      const value = data[i] > floor ? data[i] : floor;
      sum += value;
      // One logarithm for several bins: the product stays far from the ends of float64's range.
      product *= value;
      if (product < 1e-200 || product > 1e200) {
        logs += Math.log(product);
        product = 1;
      }
    }
    logs += Math.log(product);
    result[t] = Math.exp(logs / cols) / (sum / cols);
  }
  return result;
}
