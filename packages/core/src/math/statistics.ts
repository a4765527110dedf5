/** Statistics of a list of numbers, accumulated in float64. */

/** Numbers that can be counted through: typed and plain arrays alike. */
export type Numbers = ArrayLike<number>;

/** Returns the numbers in the one form that the loops below see: where they see several, V8 puts each number that they read on the heap. */
function float64(values: Numbers): Float64Array {
  return values instanceof Float64Array ? values : new Float64Array(values);
}

/** Returns the arithmetic mean; NaN for an empty list. */
export function mean(values: Numbers): number {
  const all = float64(values);
  let sum = 0;
  for (let i = 0; i < all.length; i++) sum += all[i];
  return sum / all.length;
}

/** Returns the numbers less their mean. */
export function centred(values: Numbers): Float64Array {
  const result = new Float64Array(values);
  const centre = mean(result);
  for (let i = 0; i < result.length; i++) result[i] -= centre;
  return result;
}

/** Returns the population standard deviation (divisor n); NaN for an empty list. */
export function standardDeviation(values: Numbers): number {
  const all = centred(values);
  let sum = 0;
  for (let i = 0; i < all.length; i++) sum += all[i] ** 2;
  return Math.sqrt(sum / all.length);
}

/** Returns the `percent`-th percentile (0..100) of an ascending list, linear between neighbours, as `numpy.percentile`. */
export function percentileOfSorted(sorted: Numbers, percent: number): number {
  const at = (percent / 100) * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

/** Returns the percentiles of an unordered list. */
export function percentiles(values: Numbers, percents: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return percents.map((percent) => percentileOfSorted(sorted, percent));
}

/** Returns the least-squares slope of `y` over `x`; 0 when all x are equal. */
export function slope(y: Numbers, x: Numbers): number {
  const steps = centred(x);
  const rises = float64(y);
  let moment = 0;
  let square = 0;
  for (let i = 0; i < steps.length; i++) {
    moment += steps[i] * rises[i];
    square += steps[i] ** 2;
  }
  return square > 0 ? moment / square : 0;
}

/** Returns the value at position `at` of a broken line through (xs[i], ys[i]), xs ascending; held beyond both ends. */
export function interpolate(at: number, xs: Numbers, ys: Numbers): number {
  const last = xs.length - 1;
  if (at <= xs[0]) return ys[0];
  if (at >= xs[last]) return ys[last];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= at) low = middle;
    else high = middle;
  }
  return ys[low] + ((at - xs[low]) / (xs[high] - xs[low])) * (ys[high] - ys[low]);
}
