/** Moving averages over three frames. */

/** Returns the mean of each value and its two neighbours; at the ends the value itself stands for the one that is missing. */
export function smooth(values: Float64Array): Float64Array {
  const last = values.length - 1;
  return values.map((value, t) => (values[Math.max(0, t - 1)] + value + values[Math.min(last, t + 1)]) / 3);
}

/** Returns the mean of each value that is not 0 and those of its two neighbours that are not 0 either; 0 stays 0. */
export function smoothNonZero(values: Float64Array): Float64Array {
  return values.map((value, t) => {
    if (value === 0) return 0;
    let sum = value;
    let count = 1;
    for (const neighbour of [t > 0 ? values[t - 1] : 0, t < values.length - 1 ? values[t + 1] : 0]) {
      if (neighbour !== 0) {
        sum += neighbour;
        count++;
      }
    }
    return sum / count;
  });
}
