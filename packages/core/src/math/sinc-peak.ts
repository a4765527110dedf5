/** Peaks of sampled band-limited curves between their samples. */

/** A place on the axis of sample indices, and the height there. */
export interface Peak {
  at: number;
  height: number;
}

/**
 * Returns the curve's value at index `at`, which need not be whole, by sin(x)/x under a Hann window that ends with `depth` samples on either side (Boersma
 * 1993, equation 22). Indices from ceil(at) − depth to floor(at) + depth must exist.
 */
export function sincValue(curve: Float64Array, at: number, depth: number): number {
  const low = Math.floor(at);
  const fraction = at - low;
  if (fraction < 1e-9) return curve[low];
  const scale = Math.sin(Math.PI * fraction) / Math.PI;
  const left = halfSum(curve, low, -1, fraction, depth);
  const right = halfSum(curve, low + 1, 1, 1 - fraction, depth);
  return scale * (left + right);
}

/** Σ (−1)ⁿ curve[from + n step] / (distance + n) × Hann; the cosine by rotation, which spares a call a sample. */
function halfSum(curve: Float64Array, from: number, step: 1 | -1, distance: number, depth: number): number {
  const angle = Math.PI / (distance + depth);
  const turnCos = Math.cos(angle);
  const turnSin = Math.sin(angle);
  let cos = Math.cos(angle * distance);
  let sin = Math.sin(angle * distance);
  let sum = 0;
  for (let n = 0, i = from, sign = 0.5; n < depth; n++, i += step, sign = -sign) {
    sum += (sign * curve[i] * (1 + cos)) / (distance + n);
    const next = cos * turnCos - sin * turnSin;
    sin = sin * turnCos + cos * turnSin;
    cos = next;
  }
  return sum;
}

/** Writes the vertex of the parabola through the samples i − 1, i, i + 1 to `peak`; the middle one where they lie on a line. */
export function parabolicPeak(curve: Float64Array, i: number, peak: Peak): void {
  const slope = 0.5 * (curve[i + 1] - curve[i - 1]);
  const curvature = 2 * curve[i] - curve[i - 1] - curve[i + 1];
  const shift = curvature > 0 ? slope / curvature : 0;
  peak.at = i + shift;
  peak.height = curve[i] + 0.5 * slope * shift;
}

/** Distances in samples at which the parabola is laid through interpolated values; the second leaves an error below 0.001 samples. */
const refinements = [0.3, 0.03] as const;

/** Moves a peak found by `parabolicPeak` to that of the curve interpolated by `sincValue`. */
export function refinePeak(curve: Float64Array, peak: Peak, depth: number): void {
  for (const distance of refinements) {
    const left = sincValue(curve, peak.at - distance, depth);
    const middle = sincValue(curve, peak.at, depth);
    const right = sincValue(curve, peak.at + distance, depth);
    const slope = 0.5 * (right - left);
    const curvature = 2 * middle - left - right;
    const shift = curvature > 0 ? Math.max(-1, Math.min(1, slope / curvature)) : 0;
    peak.at += shift * distance;
    peak.height = middle + 0.5 * slope * shift;
  }
}
