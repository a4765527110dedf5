/** Spectral contrast: peaks against valleys in octave bands (Jiang et al. 2002). */
import { type Matrix, matrix } from "../math/matrix.js";
import { powerToDb } from "./decibels.js";
import { fftFrequencies } from "./stft.js";

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
  const { sampleRate, lowHz = 200, octaves = 6, quantile = 0.02 } = options;
  const { rows, cols, data } = magnitude;
  const bands = contrastBands(fftFrequencies(2 * (cols - 1), sampleRate), {
    sampleRate,
    lowHz,
    octaves,
    quantile,
  });
  const valley = matrix(rows, bands.length);
  const peak = matrix(rows, bands.length);
  bands.forEach(({ from, to, count }, b) => {
    const least = new Float64Array(count);
    const greatest = new Float64Array(count);
    for (let t = 0; t < rows; t++) {
      least.fill(Number.POSITIVE_INFINITY);
      greatest.fill(Number.NEGATIVE_INFINITY);
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      let i = t * cols + from;
      const end = t * cols + to;
      // Most fours have no value that counts.
      for (; i + 3 < end; i += 4) {
        const v0 = data[i]!;
        const v1 = data[i + 1]!;
        const v2 = data[i + 2]!;
        const v3 = data[i + 3]!;
        if (v0 < low || v1 < low || v2 < low || v3 < low)
          for (let k = i; k < i + 4; k++) low = insertLeast(least, data[k]!);
        if (v0 > high || v1 > high || v2 > high || v3 > high)
          for (let k = i; k < i + 4; k++) high = insertGreatest(greatest, data[k]!);
      }
      for (; i < end; i++) {
        low = insertLeast(least, data[i]!);
        high = insertGreatest(greatest, data[i]!);
      }
      valley.data[t * bands.length + b] = meanOf(least);
      peak.data[t * bands.length + b] = meanOf(greatest);
    }
  });
  const result = powerToDb(peak);
  const valleyDb = powerToDb(valley).data;
  for (let i = 0; i < result.data.length; i++) result.data[i] -= valleyDb[i];
  return result;
}

/** Puts a value into a rising list of the least that keeps its length; returns the last one, which is the next to go. */
function insertLeast(list: Float64Array, value: number): number {
  const last = list.length - 1;
  if (value < list[last]!) {
    let j = last;
    for (; j > 0 && list[j - 1]! > value; j--) list[j] = list[j - 1]!;
    list[j] = value;
  }
  return list[last]!;
}

/** The same of a falling list of the greatest. */
function insertGreatest(list: Float64Array, value: number): number {
  const last = list.length - 1;
  if (value > list[last]!) {
    let j = last;
    for (; j > 0 && list[j - 1]! < value; j--) list[j] = list[j - 1]!;
    list[j] = value;
  }
  return list[last]!;
}

function meanOf(list: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < list.length; j++) sum += list[j]!;
  return sum / list.length;
}

interface Band {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

function contrastBands(frequencies: Float64Array, options: Required<ContrastOptions>): Band[] {
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
  return Array.from({ length: octaves + 1 }, (_, b) => {
    const low = b === 0 ? 0 : lowHz * 2 ** (b - 1);
    const high = lowHz * 2 ** b;
    const first = frequencies.findIndex((f) => f >= low);
    const last = b === octaves ? frequencies.length - 1 : frequencies.findLastIndex((f) => f <= high);
    const from = b === 0 ? first : first - 1;
    const to = b === octaves ? last + 1 : last;
    // numpy.rint rounds halves to even.
    const exact = quantile * (last + 1 - from);
    const rounded = Math.abs(exact % 1) === 0.5 ? 2 * Math.round(exact / 2) : Math.round(exact);
    return { from, to, count: Math.min(Math.max(1, rounded), Math.max(1, to - from)) };
  });
}
