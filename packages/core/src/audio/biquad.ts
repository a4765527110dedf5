/** Second-order recursive filters. */

/** Coefficients of b0 + b1 z⁻¹ + b2 z⁻² over 1 + a1 z⁻¹ + a2 z⁻². */
export interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/** Returns the filtered signal (transposed direct form II, float64), from rest. */
export function filterBiquad(signal: ArrayLike<number>, { b, a }: Biquad): Float64Array {
  const out = new Float64Array(signal.length);
  let first = 0;
  let second = 0;
  for (let i = 0; i < out.length; i++) {
    const x = signal[i];
    const y = b[0] * x + first;
    first = b[1] * x - a[0] * y + second;
    second = b[2] * x - a[1] * y;
    out[i] = y;
  }
  return out;
}
