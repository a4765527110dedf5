/** Sums over the spectrum that its centre, width and roll-off have in common. */
import type { Matrix } from "../math/matrix.js";
import { rowMoments } from "../math/row-loops.js";

/** Per frame, over the bins k: Σ m(k), Σ k m(k) and Σ k² m(k). */
export interface SpectralMoments {
  readonly total: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** What the measures that stand on moments need. */
export interface SpectralMomentOptions {
  readonly sampleRate: number;
  /** `spectralMoments` of the same magnitudes, for who wants several measures. Default: computed. */
  readonly moments?: SpectralMoments | undefined;
}

/** Returns the moments of each frame of a spectrogram of magnitudes, in one pass over it. */
export function spectralMoments(magnitude: Matrix): SpectralMoments {
  const { rows, cols, data } = magnitude;
  const total = new Float64Array(rows);
  const first = new Float64Array(rows);
  const second = new Float64Array(rows);
  if (rowMoments(magnitude, { total, first, second })) return { total, first, second };
  for (let t = 0; t < rows; t++) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    for (let k = 0, at = t * cols; k < cols; k++, at++) {
      const value = data[at];
      const moment = k * value;
      s0 += value;
      s1 += moment;
      s2 += k * moment;
    }
    total[t] = s0;
    first[t] = s1;
    second[t] = s2;
  }
  return { total, first, second };
}
