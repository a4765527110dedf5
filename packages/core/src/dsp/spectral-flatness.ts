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
    let i = t * cols;
    const end = i + cols;
    for (; i + 1 < end; i += 2) {
      const first = data[i] > floor ? data[i] : floor;
      const second = data[i + 1] > floor ? data[i + 1] : floor;
      sum += first + second;
      // One logarithm for several bins: the product stays far from the ends of float64's range.
      product *= first * second;
      if (product < 1e-200 || product > 1e200) {
        logs += Math.log(product);
        product = 1;
      }
    }
    if (i < end) {
      const last = data[i] > floor ? data[i] : floor;
      sum += last;
      product *= last;
    }
    logs += Math.log(product);
    result[t] = Math.exp(logs / cols) / (sum / cols);
  }
  return result;
}
