/** Jitter and shimmer: how far neighbouring periods differ in length and in amplitude. */
import { longFrame } from "./framing.js";

/** What the periods of one frame say. */
export interface PeriodFrame {
  /** Mean difference of neighbouring periods over the mean period; 0 with fewer than two periods. */
  jitter: number;
  /** Mean difference of the peak-to-peak amplitudes of neighbouring periods in dB; 0 with fewer than two. */
  shimmerDb: number;
}

/** Share of the period by which a period may be shorter or longer than F0 says. */
const reach = 0.1;

/** Returns a function that measures the 60 ms centred on a sample whose F0 has the given period in samples. */
export function periodAnalyzer(): (
  samples: Float32Array,
  options: { centre: number; period: number },
  result: PeriodFrame,
) => void {
  const correlations = new Float64Array(1024);

  return (samples, { centre, period }, result) => {
    result.jitter = 0;
    result.shimmerDb = 0;
    const length = Math.round(period);
    const shortest = Math.floor(period * (1 - reach));
    const longest = Math.ceil(period * (1 + reach));
    const end = Math.min(samples.length, centre + longFrame / 2);
    let at = Math.max(0, centre - longFrame / 2);
    let periods = 0;
    let sum = 0;
    let last = 0;
    let differences = 0;
    let amplitude = peakToPeak(samples, at, at + length);
    let shimmer = 0;
    let pairs = 0;
    while (at + longest + 1 + length <= end) {
      // The next period starts where the wave is most like this one.
      const first = shortest - 1;
      let best = 1;
      for (let lag = first; lag <= longest + 1; lag++) {
        correlations[lag - first] = similarity(samples, at, at + lag, length);
        if (lag > shortest && lag <= longest && correlations[lag - first] > correlations[best])
          best = lag - first;
      }
      const left = correlations[best - 1];
      const right = correlations[best + 1];
      const curvature = left - 2 * correlations[best] + right;
      const shift = curvature < 0 ? Math.max(-1, Math.min(1, (0.5 * (left - right)) / curvature)) : 0;
      const found = first + best + shift;
      sum += found;
      if (periods > 0) differences += Math.abs(found - last);
      periods++;
      last = found;
      at += first + best;
      const next = peakToPeak(samples, at, at + length);
      if (amplitude > 0 && next > 0) {
        shimmer += Math.abs(20 * Math.log10(next / amplitude));
        pairs++;
      }
      amplitude = next;
    }
    if (periods > 1) result.jitter = differences / (periods - 1) / (sum / periods);
    if (pairs > 0) result.shimmerDb = shimmer / pairs;
  };
}

/** Normalized cross-correlation of two stretches of `length` samples, means removed; 0 where one is constant. */
function similarity(samples: Float32Array, a: number, b: number, length: number): number {
  let sumA = 0;
  let sumB = 0;
  let squareA = 0;
  let squareB = 0;
  let product = 0;
  for (let i = 0; i < length; i++) {
    const x = samples[a + i];
    const y = samples[b + i];
    sumA += x;
    sumB += y;
    squareA += x * x;
    squareB += y * y;
    product += x * y;
  }
  const scale = (squareA - (sumA * sumA) / length) * (squareB - (sumB * sumB) / length);
  return scale > 0 ? (product - (sumA * sumB) / length) / Math.sqrt(scale) : 0;
}

function peakToPeak(samples: Float32Array, from: number, to: number): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = from, end = Math.min(to, samples.length); i < end; i++) {
    if (samples[i] < low) low = samples[i];
    if (samples[i] > high) high = samples[i];
  }
  return high > low ? high - low : 0;
}
