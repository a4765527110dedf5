/** Window functions, in their periodic form as short-time analysis needs it. */

/**
 * Returns the periodic Hann window of `size` samples: 0.5 − 0.5 cos(2πn / size), 0..1.
 * Same as `scipy.signal.get_window("hann", size)`, librosa's default.
 */
export function hann(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
}
