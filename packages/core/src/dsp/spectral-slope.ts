/** Slope of the spectrum in a band. */
import type { Matrix } from "../math/matrix.js";
import { fftFrequencies } from "./stft.js";

export interface SpectralSlopeOptions {
  readonly sampleRate: number;
  /** First and last frequency in Hz, both included. */
  readonly lowHz: number;
  readonly highHz: number;
  /** Power added to every bin, so that a silent one has a level. Default 1e−8. */
  readonly floor?: number | undefined;
}

/** Returns, per frame, the least-squares slope in dB per kHz of the bins' levels over their frequencies (Eyben et al. 2016). */
export function spectralSlope(power: Matrix, options: SpectralSlopeOptions): Float32Array {
  const { sampleRate, lowHz, highHz, floor = 1e-8 } = options;
  const { rows, cols, data } = power;
  const frequencies = fftFrequencies(2 * (cols - 1), sampleRate);
  const from = frequencies.findIndex((f) => f >= lowHz);
  const to = frequencies.findLastIndex((f) => f <= highHz) + 1;
  if (from < 0 || to - from < 2) {
    throw new RangeError(
      `spectralSlope: got ${lowHz} to ${highHz} Hz, expected a band of two bins below ${sampleRate / 2} Hz`,
    );
  }
  const kilohertz = frequencies.subarray(from, to).map((f) => f / 1000);
  const centre = kilohertz.reduce((sum, f) => sum + f, 0) / kilohertz.length;
  const square = kilohertz.reduce((sum, f) => sum + (f - centre) ** 2, 0);
  const weights = kilohertz.map((f) => ((f - centre) / square) * (10 / Math.LN10));
  const result = new Float32Array(rows);
  for (let t = 0; t < rows; t++) {
    let sum = 0;
    for (let k = from, at = t * cols + from; k < to; k++, at++)
      sum += weights[k - from] * Math.log(data[at] + floor);
    result[t] = sum;
  }
  return result;
}
