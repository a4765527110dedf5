/** The frequency below which most of the spectrum lies. */
import type { Matrix } from "../math/matrix.js";
import { type SpectralMomentOptions, spectralMoments } from "./spectral-moments.js";

export interface SpectralRolloffOptions extends SpectralMomentOptions {
  /** Part of the whole, in (0, 1). Default 0.85. */
  readonly part?: number | undefined;
}

/**
 * Returns, per frame, the lowest bin frequency in Hz at which the running sum of magnitudes reaches `part` of the whole;
 * 0 for a silent frame. As `librosa.feature.spectral_rolloff(S=magnitude, roll_percent=part)`.
 */
export function spectralRolloff(
  magnitude: Matrix,
  { sampleRate, part = 0.85, moments = spectralMoments(magnitude) }: SpectralRolloffOptions,
): Float32Array {
  const { total } = moments;
  if (!(part > 0 && part < 1))
    throw new RangeError(`spectralRolloff: got part ${part}, expected a number in (0, 1)`);
  const { rows, cols, data } = magnitude;
  const binHz = sampleRate / (2 * (cols - 1));
  const result = new Float32Array(rows);
  for (let t = 0; t < rows; t++) {
    const base = t * cols;
    const wanted = part * total[t];
    let sum = data[base];
    let k = 0;
    while (sum < wanted && k < cols - 1) sum += data[base + ++k];
    result[t] = k * binHz;
  }
  return result;
}
