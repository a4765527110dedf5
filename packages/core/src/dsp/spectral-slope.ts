/** Slope of the spectrum in a band. */
import { type Matrix, matrixIn } from "../math/matrix.js";
import type { BandHz } from "./band-balance.js";
import { powerToDb } from "./decibels.js";
import { applyFilterBank, type FilterBank, filterBank, keptBank } from "./filter-bank.js";
import { fftFrequencies } from "./stft.js";

export interface SpectralSlopeOptions {
  readonly sampleRate: number;
  /** First and last frequency in Hz of each band, both included. */
  readonly bandsHz: readonly BandHz[];
  /** Power added to every bin, so that a silent one has a level. Default 1e−8. */
  readonly floor?: number | undefined;
  /** Memory for as many values as there are powers. Default: new. */
  readonly memory?: Float32Array | undefined;
}

/** Returns frames × bands least-squares slopes in dB per kHz of the bins' levels over their frequencies (Eyben et al. 2016). */
export function spectralSlopes(power: Matrix, options: SpectralSlopeOptions): Matrix {
  const { sampleRate, bandsHz, floor = 1e-8 } = options;
  const bank = keptBank(`slopes ${power.cols} ${sampleRate} ${JSON.stringify(bandsHz)}`, () =>
    slopeBank(fftFrequencies(2 * (power.cols - 1), sampleRate), bandsHz),
  );
  const raised = matrixIn(options.memory, power.rows, power.cols);
  for (let i = 0; i < raised.data.length; i++) raised.data[i] = power.data[i] + floor;
  const levels = powerToDb(raised, { floor: Math.min(floor, 1e-10), rangeDb: null, memory: raised.data });
  return applyFilterBank(levels, bank);
}

/** The weights under which levels sum to their slope. */
function slopeBank(frequencies: Float64Array, bandsHz: readonly BandHz[]): FilterBank {
  return filterBank(
    bandsHz.map(([lowHz, highHz]) => {
      const inBand = frequencies.map((f) => (f >= lowHz && f <= highHz ? 1 : 0));
      const count = inBand.reduce((sum, is) => sum + is, 0);
      if (count < 2) {
        throw new RangeError(
          `spectralSlopes: got ${lowHz} to ${highHz} Hz, expected a band of two bins below ${frequencies.at(-1)} Hz`,
        );
      }
      const centre = frequencies.reduce((sum, f, k) => sum + (f / 1000) * inBand[k], 0) / count;
      const square = frequencies.reduce((sum, f, k) => sum + inBand[k] * (f / 1000 - centre) ** 2, 0);
      return frequencies.map((f, k) => (inBand[k] * (f / 1000 - centre)) / square);
    }),
  );
}
