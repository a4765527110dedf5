/** Spectral contrast: peaks against valleys in octave bands (Jiang et al. 2002). */
import { extremeMeans, type Stretch } from "../math/extreme-means.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { powerToDb } from "./decibels.js";

export interface ContrastOptions {
  readonly sampleRate: number;
  /** Upper edge in Hz of the lowest band; each further band is an octave. Default 200. */
  readonly lowHz?: number | undefined;
  /** Octave bands above the lowest. Default 6. */
  readonly octaves?: number | undefined;
  /** Part of a band's bins that counts as peak and as valley (at least one bin). Default 0.02. */
  readonly quantile?: number | undefined;
}

/**
 * Returns frames × (octaves + 1) differences in dB between the mean of the greatest and of the least bins of each band, as
 * `librosa.feature.spectral_contrast(S=magnitude)` transposed. Like librosa, it hands magnitudes (not powers) to `power_to_db`, with its
 * 80 dB range over the whole matrix, and leaves each band's last bin to the next band.
 */
export function spectralContrast(magnitude: Matrix, options: ContrastOptions): Matrix {
  return contrastOf(contrastExtremes(magnitude, options));
}

/** The means of each band's least and greatest bins, frames × (octaves + 1). */
export interface ContrastExtremes {
  readonly least: Matrix;
  readonly greatest: Matrix;
}

/** Returns what `contrastOf` makes contrasts of: for who takes a long spectrogram in parts. */
export function contrastExtremes(magnitude: Matrix, options: ContrastOptions): ContrastExtremes {
  const { sampleRate, lowHz = 200, octaves = 6, quantile = 0.02 } = options;
  const { rows, cols, data } = magnitude;
  const bands = contrastBands(cols, { sampleRate, lowHz, octaves, quantile });
  const { least, greatest } = extremeMeans(data, { cols, stretches: bands });
  return { least: matrix(rows, bands.length, least), greatest: matrix(rows, bands.length, greatest) };
}

/** Returns the contrasts of a whole matrix of extremes. */
export function contrastOf({ least, greatest }: ContrastExtremes): Matrix {
  const result = powerToDb(greatest);
  const valleys = powerToDb(least).data;
  for (let i = 0; i < result.data.length; i++) result.data[i] -= valleys[i];
  return result;
}

function contrastBands(bins: number, options: Required<ContrastOptions>): Stretch[] {
  const { sampleRate, lowHz, octaves, quantile } = options as { [K in keyof ContrastOptions]-?: number };
  if (
    !Number.isInteger(octaves) ||
    octaves < 1 ||
    !(lowHz > 0) ||
    lowHz * 2 ** (octaves - 1) >= sampleRate / 2
  ) {
    throw new RangeError(
      `spectralContrast: got ${octaves} octaves above ${lowHz} Hz, expected ≥ 1 that begin below ${sampleRate / 2} Hz`,
    );
  }
  if (!(quantile > 0 && quantile < 1))
    throw new RangeError(`spectralContrast: got quantile ${quantile}, expected (0, 1)`);
  const binHz = sampleRate / (2 * (bins - 1));
  return Array.from({ length: octaves + 1 }, (_, b) => {
    const low = b === 0 ? 0 : lowHz * 2 ** (b - 1);
    const high = lowHz * 2 ** b;
    // The first bin from the lower edge on, and the last one up to the upper edge.
    let first = Math.max(0, Math.floor(low / binHz) - 1);
    while (first * binHz < low) first++;
    let last = b === octaves ? bins - 1 : Math.min(bins - 1, Math.floor(high / binHz) + 1);
    if (b < octaves) while (last * binHz > high) last--;
    const from = b === 0 ? first : first - 1;
    const to = b === octaves ? last + 1 : last;
    // numpy.rint rounds halves to even.
    const exact = quantile * (last + 1 - from);
    const rounded = Math.abs(exact % 1) === 0.5 ? 2 * Math.round(exact / 2) : Math.round(exact);
    return { from, to, count: Math.min(Math.max(1, rounded), Math.max(1, to - from)) };
  });
}
