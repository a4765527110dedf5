/** Moving averages over three frames. */

/** Returns the mean of a value and its neighbours; the value itself stands for a neighbour that is missing. */
export function smoothed(value: number, before = value, after = value): number {
  return (before + value + after) / 3;
}

/**
 * Returns the mean of a value that is not 0 and those of its neighbours that are not 0 either; 0 stays 0. As in the reference implementation the
 * first value stands for the one before it, and nothing for the one after the last.
 */
export function smoothedNonZero(value: number, before = value, after = 0): number {
  if (value === 0) return 0;
  let sum = value;
  let count = 1;
  if (before !== 0) {
    sum += before;
    count++;
  }
  if (after !== 0) {
    sum += after;
    count++;
  }
  return sum / count;
}

/** Returns `smoothed` of all values. */
export function smooth(values: Float64Array): Float64Array {
  return values.map((value, t) => smoothed(value, values[t - 1], values[t + 1]));
}

/** Returns `smoothedNonZero` of all values. */
export function smoothNonZero(values: Float64Array): Float64Array {
  return values.map((value, t) => smoothedNonZero(value, values[t - 1], values[t + 1]));
}
