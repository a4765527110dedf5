/** Differences over time: local slopes and curvatures of each column (Furui 1986; Savitzky & Golay 1964). */
import { type Matrix, matrix } from "../math/matrix.js";

export interface DeltaOptions {
  /** 1: slope of the local line; 2: second derivative of the local parabola. Default 1. */
  readonly order?: 1 | 2 | undefined;
  /** Frames of the local fit, odd, ≥ 3. Default 9. */
  readonly width?: number | undefined;
  /** At the ends: `interp` extends the first and last fit (librosa's default); `nearest` repeats the end frames. Default `interp`. */
  readonly ends?: "interp" | "nearest" | undefined;
}

/**
 * Returns frames × cols derivatives per frame, as `librosa.feature.delta` (`scipy.signal.savgol_filter`, polynomial order =
 * derivative order).
 * @throws RangeError with `interp` when there are fewer frames than `width`, as librosa.
 */
export function delta(frames: Matrix, { order = 1, width = 9, ends = "interp" }: DeltaOptions = {}): Matrix {
  if (!Number.isInteger(width) || width < 3 || width % 2 === 0) {
    throw new RangeError(`delta: got width ${width}, expected an odd integer ≥ 3`);
  }
  const { rows, cols, data } = frames;
  if (ends === "interp" && rows < width)
    throw new RangeError(`delta: got ${rows} frames, expected at least ${width}`);
  const half = (width - 1) / 2;
  const weights = order === 1 ? slopeWeights(half) : curvatureWeights(half);
  const result = matrix(rows, cols);
  const out = result.data;
  const [from, to] = ends === "interp" ? [half, rows - half] : [0, rows];
  const sums = new Float64Array(cols);
  for (let t = from; t < to; t++) {
    sums.fill(0);
    for (let k = -half; k <= half; k++) {
      const at = Math.min(rows - 1, Math.max(0, t + k)) * cols;
      const weight = weights[k + half];
      for (let j = 0; j < cols; j++) sums[j] += weight * data[at + j];
    }
    out.set(sums, t * cols);
  }
  if (ends === "interp") {
    // The derivative of highest order of a fitted polynomial is the same at every point of the fit.
    for (let t = 0; t < half; t++) {
      out.copyWithin(t * cols, half * cols, (half + 1) * cols);
      out.copyWithin((rows - 1 - t) * cols, (rows - 1 - half) * cols, (rows - half) * cols);
    }
  }
  return result;
}

function slopeWeights(half: number): Float64Array {
  let sum = 0;
  for (let k = 1; k <= half; k++) sum += 2 * k * k;
  return Float64Array.from({ length: 2 * half + 1 }, (_, i) => (i - half) / sum);
}

function curvatureWeights(half: number): Float64Array {
  const mean = (half * (half + 1)) / 3;
  const centred = Float64Array.from({ length: 2 * half + 1 }, (_, i) => (i - half) ** 2 - mean);
  const sum = centred.reduce((total, value) => total + value * value, 0);
  return centred.map((value) => (2 * value) / sum);
}
