/** Bessel functions, as Kaiser windows need them. */

/** Returns the modified Bessel function of the first kind and order 0, by its power series (Abramowitz and Stegun 9.6.12). */
export function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}
