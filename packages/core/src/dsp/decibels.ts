/** Decibels of powers. */
import { type Matrix, matrixIn } from "../math/matrix.js";
import { scaledLogarithms } from "../math/row-loops.js";

export interface DecibelOptions {
  /** The power that is 0 dB. Default 1. */
  readonly reference?: number | undefined;
  /** Smallest power that is told apart; smaller ones count as this. Default 1e−10. */
  readonly floor?: number | undefined;
  /** Values further below the greatest value of the whole matrix are raised to that distance; `null` for no limit. Default 80. */
  readonly rangeDb?: number | null | undefined;
  /** Its beginning becomes the result's values; it may be the powers' own. Default: new. */
  readonly memory?: Float32Array | undefined;
}

/** Returns 10 log10(power / reference) in dB, as `librosa.power_to_db`. */
export function powerToDb(power: Matrix, options: DecibelOptions = {}): Matrix {
  const { reference = 1, floor = 1e-10, rangeDb = 80 } = options;
  const result = matrixIn(options.memory, power.rows, power.cols);
  const offset = 10 * Math.log10(Math.max(floor, reference));
  const level = (value: number): number => 10 * Math.log10(Math.max(floor, value)) - offset;
  const least = rangeDb === null ? Number.NEGATIVE_INFINITY : level(greatest(power.data)) - rangeDb;
  const scale = 10 / Math.LN10;
  if (!scaledLogarithms(power.data, result.data, { floor, scale, offset: -offset, least }))
    for (let i = 0; i < power.data.length; i++) result.data[i] = Math.max(least, level(power.data[i]));
  return result;
}

function greatest(values: Float32Array): number {
  let result = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i] > result) result = values[i];
  return result;
}
