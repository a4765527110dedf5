/** Level differences between a lower and a higher frequency band. */
import type { Matrix } from "../math/matrix.js";

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
  const binHz = sampleRate / (2 * (power.cols - 1));
  const gather = of === "sum" ? sum : peak;
  const [lowFrom, lowTo] = bins(power.cols, binHz, low);
  const [highFrom, highTo] = bins(power.cols, binHz, high);
  const result = new Float32Array(power.rows);
  for (let t = 0; t < power.rows; t++) {
    const base = t * power.cols;
    const below = gather(power.data, base + lowFrom, base + lowTo);
    const above = gather(power.data, base + highFrom, base + highTo);
    result[t] = 10 * Math.log10((below + floor) / (above + floor));
  }
  return result;
}

/** The first bin of a band and the one after its last; bin k is at k × `binHz`. */
function bins(count: number, binHz: number, [lowHz, highHz]: BandHz): [number, number] {
  let from = 0;
  while (from < count && from * binHz < lowHz) from++;
  let to = from;
  while (to < count && to * binHz < highHz) to++;
  if (to <= from)
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
