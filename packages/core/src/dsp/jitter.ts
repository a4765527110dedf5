/** Jitter: how far the lengths of neighbouring glottal periods differ. */
import { comparable, periodsOf } from "./periods.js";
import { meanDifference, meanPerturbation } from "./perturbation.js";

/** Shares of the mean period; NaN with too few periods. */
export interface Jitter {
  /** Mean difference of neighbouring periods. */
  readonly local: number;
  /** Mean distance of a period from the average of itself and its two neighbours (relative average perturbation). */
  readonly rap: number;
  /** The same with four neighbours (five-point period perturbation quotient). */
  readonly ppq5: number;
  /** Mean difference of neighbouring differences: three times `rap`. */
  readonly ddp: number;
}

/** Returns the jitter of ascending pulses in seconds, with Praat's definitions and limits; intervals that are no period are passed over. */
export function jitter(pulses: Float64Array): Jitter {
  const periods = periodsOf(pulses);
  const alike = (i: number): boolean => comparable(periods[i], periods[i + 1]);
  const counted = periods.filter((_, i) => alike(i - 1) || alike(i));
  const mean = counted.reduce((sum, period) => sum + period, 0) / counted.length;
  const rap = meanPerturbation(periods, { points: 3, alike }) / mean;
  return {
    local: meanDifference(periods, alike) / mean,
    rap,
    ppq5: meanPerturbation(periods, { points: 5, alike }) / mean,
    ddp: 3 * rap,
  };
}
