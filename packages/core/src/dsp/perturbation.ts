/** How far neighbouring values of a sequence differ, where they may be compared. */

/** Returns the mean of |x[i + 1] − x[i]| where `alike(i)`; NaN for none. */
export function meanDifference(values: Float64Array, alike: (i: number) => boolean): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i + 1 < values.length; i++) {
    if (!alike(i)) continue;
    sum += Math.abs(values[i + 1] - values[i]);
    count++;
  }
  return sum / count;
}

export interface PerturbationOptions {
  /** An odd number of neighbouring values. */
  readonly points: number;
  /** Whether x[i] and x[i + 1] may be compared. */
  readonly alike: (i: number) => boolean;
}

/** Returns the mean distance of the middle one of `points` neighbouring values from their average; NaN for none. */
export function meanPerturbation(values: Float64Array, { points, alike }: PerturbationOptions): number {
  let sum = 0;
  let count = 0;
  /** First of the values that may be compared up to the present one. */
  let from = 0;
  for (let last = 0; last < values.length; last++) {
    if (last > 0 && !alike(last - 1)) from = last;
    if (last - from + 1 < points) continue;
    let total = 0;
    for (let i = last - points + 1; i <= last; i++) total += values[i];
    sum += Math.abs(values[last - (points - 1) / 2] - total / points);
    count++;
  }
  return sum / count;
}
