/** Which intervals between glottal pulses are periods. */

/** In seconds; and the greatest ratio of neighbours that are compared. Praat's defaults. */
const shortest = 0.0001;
const longest = 0.02;
const greatestRatio = 1.3;

/** Returns the intervals between ascending pulses, in seconds. */
export function periodsOf(pulses: Float64Array): Float64Array {
  return Float64Array.from({ length: Math.max(0, pulses.length - 1) }, (_, i) => pulses[i + 1] - pulses[i]);
}

/** Returns whether both intervals are periods and alike enough to be compared; false where one is undefined. */
export function comparable(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const short = Math.min(a, b);
  const long = Math.max(a, b);
  return short >= shortest && long <= longest && long <= greatestRatio * short;
}
