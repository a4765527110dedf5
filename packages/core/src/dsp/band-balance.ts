/** Level differences between a lower and a higher frequency band. */
import type { Matrix } from "../math/matrix.js";
import { fftFrequencies } from "./stft.js";

/** From the first frequency in Hz (included) to the second (excluded). */
export type BandHz = readonly [number, number];

export interface BandBalanceOptions {
  readonly sampleRate: number;
  readonly low: BandHz;
  readonly high: BandHz;
  /** Whether a band's level is that of its whole power (alpha ratio) or of its strongest bin (Hammarberg index). */
  readonly of: "sum" | "peak";
  /** Power added to each band, so that a silent one has a level. Default 1e−8. */
  readonly floor?: number | undefined;
}

/**
 * Returns, per frame, the level of the low band minus that of the high band in dB. The alpha ratio (Patel et al. 2010; Eyben et al. 2016)
 * is the sums of 50–1000 over 1000–5000 Hz, the Hammarberg index (Hammarberg et al. 1980) the peaks of 0–2000 over 2000–5000 Hz.
 */
export function bandBalance(power: Matrix, options: BandBalanceOptions): Float32Array {
  const { sampleRate, low, high, of, floor = 1e-8 } = options;
  const frequencies = fftFrequencies(2 * (power.cols - 1), sampleRate);
  const gather = of === "sum" ? sum : peak;
  const [lowFrom, lowTo] = bins(frequencies, low);
  const [highFrom, highTo] = bins(frequencies, high);
  const result = new Float32Array(power.rows);
  for (let t = 0; t < power.rows; t++) {
    const base = t * power.cols;
    const below = gather(power.data, base + lowFrom, base + lowTo);
    const above = gather(power.data, base + highFrom, base + highTo);
    result[t] = 10 * Math.log10((below + floor) / (above + floor));
  }
  return result;
}

function bins(frequencies: Float64Array, [lowHz, highHz]: BandHz): [number, number] {
  const from = frequencies.findIndex((f) => f >= lowHz);
  const to = frequencies.findLastIndex((f) => f < highHz) + 1;
  if (from < 0 || to <= from)
    throw new RangeError(`bandBalance: got a band from ${lowHz} to ${highHz} Hz that has no bin`);
  return [from, to];
}

function sum(data: Float32Array, from: number, to: number): number {
  let total = 0;
  for (let i = from; i < to; i++) total += data[i];
  return total;
}

function peak(data: Float32Array, from: number, to: number): number {
  let greatest = 0;
  for (let i = from; i < to; i++) if (data[i] > greatest) greatest = data[i];
  return greatest;
}
