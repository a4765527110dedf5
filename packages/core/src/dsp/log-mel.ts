/** Mel spectrogram in decibels. */
import type { Matrix } from "../math/matrix.js";
import { type DecibelOptions, powerToDb } from "./decibels.js";
import { applyFilterBank } from "./filter-bank.js";
import { type MelOptions, melFilterBank } from "./mel.js";

/**
 * Returns frames × bands levels in dB of a power spectrogram: `power_to_db(librosa.feature.melspectrogram(S=power))`
 * transposed, with the 80 dB range of `power_to_db` unless `rangeDb` says otherwise.
 */
export function logMel(power: Matrix, options: MelOptions & DecibelOptions): Matrix {
  return powerToDb(applyFilterBank(power, melFilterBank(options)), options);
}
