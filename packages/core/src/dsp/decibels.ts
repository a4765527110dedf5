/** Decibels of powers. */
import { type Matrix, matrix } from "../math/matrix.js";

export interface DecibelOptions {
  /** The power that is 0 dB. Default 1. */
  readonly reference?: number | undefined;
  /** Smallest power that is told apart; smaller ones count as this. Default 1e−10. */
  readonly floor?: number | undefined;
  /** Values further below the greatest value of the whole matrix are raised to that distance; `null` for no limit. Default 80. */
  readonly rangeDb?: number | null | undefined;
}

/** Returns 10 log10(power / reference) in dB, as `librosa.power_to_db`. */
export function powerToDb(power: Matrix, options: DecibelOptions = {}): Matrix {
  const { reference = 1, floor = 1e-10, rangeDb = 80 } = options;
  const result = matrix(power.rows, power.cols);
  const { data } = result;
  const offset = 10 * Math.log10(Math.max(floor, reference));
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    const value = 10 * Math.log10(Math.max(floor, power.data[i])) - offset;
    data[i] = value;
    if (value > greatest) greatest = value;
  }
  if (rangeDb !== null) {
    const least = greatest - rangeDb;
    for (let i = 0; i < data.length; i++) if (data[i] < least) data[i] = least;
  }
  return result;
}
