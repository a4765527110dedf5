/** Statistics of a list of numbers, accumulated in float64. */

/** Numbers that can be counted through: typed and plain arrays alike. */
export type Numbers = ArrayLike<number>;

/** Returns the arithmetic mean; NaN for an empty list. */
export function mean(values: Numbers): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Returns the population standard deviation (divisor n); NaN for an empty list. */
export function standardDeviation(values: Numbers): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return Math.sqrt(sum / values.length);
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
  const centre = mean(x);
  let moment = 0;
  let square = 0;
  for (let i = 0; i < x.length; i++) {
    moment += (x[i] - centre) * y[i];
    square += (x[i] - centre) ** 2;
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
