/** Mel-frequency cepstral coefficients (Davis & Mermelstein 1980). */
import type { Matrix } from "../math/matrix.js";
import { applyFilterBank, type FilterBank, filterBank, keptBank } from "./filter-bank.js";

export interface MfccOptions {
  /** Number of coefficients, the zeroth included. Default 20. */
  readonly coefficients?: number | undefined;
  /** Cepstral lifter L: coefficient n is scaled by 1 + L/2 sin(π(n + 1) / L); 0 for none. Default 0. */
  readonly lifter?: number | undefined;
}

/**
 * Returns frames × coefficients: the orthonormal DCT-II of log-mel levels in dB, as `librosa.feature.mfcc(S=logMel)`
 * transposed. Values in dB; coefficient 0 is the mean level times √bands.
 */
export function mfcc(levels: Matrix, { coefficients = 20, lifter = 0 }: MfccOptions = {}): Matrix {
  const bands = levels.cols;
  if (!Number.isInteger(coefficients) || coefficients < 1 || coefficients > bands || !(lifter >= 0)) {
    throw new RangeError(
      `mfcc: got ${coefficients} coefficients, lifter ${lifter}, expected 1 to ${bands} and ≥ 0`,
    );
  }
  return applyFilterBank(levels, cosineBank(coefficients, bands, lifter));
}

/** Returns the rows of the orthonormal DCT-II, liftered, as a filter bank. */
function cosineBank(coefficients: number, bands: number, lifter: number): FilterBank {
  return keptBank(`dct ${[coefficients, bands, lifter]}`, () =>
    filterBank(
      Array.from({ length: coefficients }, (_, n) => {
        const lift = lifter > 0 ? 1 + (lifter / 2) * Math.sin((Math.PI * (n + 1)) / lifter) : 1;
        const scale = lift * Math.sqrt((n === 0 ? 1 : 2) / bands);
        return Float64Array.from(
          { length: bands },
          (_, b) => scale * Math.cos((Math.PI * n * (2 * b + 1)) / (2 * bands)),
        );
      }),
    ),
  );
}
