/** Flatness of the spectrum: 1 for white noise, near 0 for a tone (Dubnov 2004). */
import type { Matrix } from "../math/matrix.js";
import { rowLogarithms } from "../math/row-loops.js";

/**
 * Returns, per frame, the geometric mean of the powers over their arithmetic mean, 0..1, powers below `floor` counted as `floor`;
 * 1 for a silent frame. As `librosa.feature.spectral_flatness(S=magnitude)`.
 */
export function spectralFlatness(
  power: Matrix,
  { floor = 1e-10 }: { floor?: number | undefined } = {},
): Float32Array {
  const { rows, cols } = power;
  const sums = { floor, sum: new Float64Array(rows), logarithms: new Float64Array(rows) };
  rowLogarithms(power, sums);
  return Float32Array.from(sums.sum, (sum, t) => Math.exp(sums.logarithms[t] / cols) / (sum / cols));
}
