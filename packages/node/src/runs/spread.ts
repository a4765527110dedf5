/** How numbers are spread. */

/** Minimum, quartiles and maximum. */
export interface Spread {
  readonly min: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly max: number;
}

/** Returns the spread of numbers, the nearest one for each quartile; null for none. */
export function spread(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))];
  return { min: at(0), low: at(0.25), median: at(0.5), high: at(0.75), max: at(1) };
}
