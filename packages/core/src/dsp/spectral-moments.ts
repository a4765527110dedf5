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
  const { rows } = magnitude;
  const moments = {
    total: new Float64Array(rows),
    first: new Float64Array(rows),
    second: new Float64Array(rows),
  };
  rowMoments(magnitude, moments);
  return moments;
}
