/** Jitter and shimmer: how far neighbouring periods differ in length and in amplitude. */
import { hopSamples, sampleRate } from "./framing.js";

/** What the periods of one frame say. */
export interface PeriodFrame {
  /** Mean difference of neighbouring periods over the mean period. */
  jitter: number;
  /** 1 + mean difference of the amplitudes of neighbouring periods over their mean, in dB. */
  shimmerDb: number;
}

/** Follows the periods of a recording from frame to frame; takes the frames in their order. */
export interface PeriodTracker {
  /** Sample at which the next period begins. */
  readonly at: number;
  /** Takes the samples of the frames to come, from which the first `dropped` of those before are gone. */
  hear(samples: Float32Array, dropped: number): void;
  /** Writes the values of the frame that starts at a sample and has F0 in Hz, 0 where unvoiced. */
  next(start: number, f0Hz: number, result: PeriodFrame): void;
}

/** Share of the period by which a period may be shorter or longer than F0 says. */
const reach = 0.1;
/** Likeness that two neighbouring periods must exceed, of at most 1. */
const leastLikeness = 0.5;
/** Samples between the longest two periods that are looked at and the end of the frame's step. */
const margin = 4;

/**
 * Returns a tracker of a recording. From where the last period began, the wave of each length from 0.9 to 1.1 times the period of F0 is
 * compared with the wave of the same length after it; the highest maximum of Pearson's correlation, refined by a parabola, is the
 * period's length, and the next one begins there. A voiced frame looks at one period, and at more while twice the longest length ends at
 * least four samples before the end of the frame's step of 10 ms; one that begins where the last frame's periods have already been waits. The
 * first period of a frame is also compared with the last one of the frame before. A frame that accepts none repeats the one before; an
 * unvoiced frame has zeros and forgets. As openSMILE 3.0 does it, measured on its output for speech.
 */
export function periodTracker(): PeriodTracker {
  let samples: Float32Array = new Float32Array(0);
  const correlations = new Float64Array(1024);
  const sums = new Float64Array(2049);
  const squares = new Float64Array(2049);
  let at = 0;
  let last = 0;
  let jitter = 0;
  let shimmerDb = 0;

  const measure = (period: number, end: number): void => {
    const shortest = Math.floor(period * (1 - reach));
    const longest = Math.floor(period * (1 + reach));
    let periods = 0;
    let sum = 0;
    let pairs = 0;
    let differences = 0;
    let amplitudes = 0;
    let steps = 0;
    for (let first = true; first || at + 2 * longest + margin <= end; first = false) {
      if (at + 2 * longest > samples.length) break;
      for (let i = 0; i < 2 * longest; i++) {
        const value = samples[at + i];
        sums[i + 1] = sums[i] + value;
        squares[i + 1] = squares[i] + value * value;
      }
      let best = 0;
      for (let lag = shortest; lag <= longest; lag++) {
        const k = lag - shortest;
        correlations[k] = likeness(samples, at, lag, sums, squares);
        const before = k - 1;
        if (k < 2 || correlations[before] <= correlations[before - 1]) continue;
        if (
          correlations[before] >= correlations[k] &&
          (best === 0 || correlations[before] > correlations[best])
        )
          best = before;
      }
      if (best === 0) {
        at += Math.round(period);
        continue;
      }
      const left = correlations[best - 1];
      const right = correlations[best + 1];
      const shift = (0.5 * (left - right)) / (left - 2 * correlations[best] + right);
      const lag = shortest + best;
      if (correlations[best] - 0.25 * (left - right) * shift > leastLikeness) {
        const length = lag + shift;
        sum += length;
        periods++;
        if (last > 0) {
          differences += Math.abs(length - last);
          pairs++;
        }
        last = length;
        const one = peakToPeak(samples, at, lag);
        const other = peakToPeak(samples, at + lag, lag);
        steps += Math.abs(one - other);
        amplitudes += one + other;
      }
      at += lag;
    }
    if (periods === 0) return;
    jitter = pairs > 0 ? differences / pairs / (sum / periods) : 0;
    shimmerDb = amplitudes > 0 ? 20 * Math.log10(1 + (2 * steps) / amplitudes) : 0;
  };

  return {
    get at() {
      return at;
    },
    hear(heard, dropped) {
      samples = heard;
      at -= dropped;
    },
    next(start, f0Hz, result) {
      const end = start + hopSamples;
      if (f0Hz === 0) {
        at = end;
        last = 0;
        jitter = 0;
        shimmerDb = 0;
      } else if (at <= start) measure(sampleRate / f0Hz, end);
      result.jitter = jitter;
      result.shimmerDb = shimmerDb;
    },
  };
}

/**
 * Pearson's correlation of `length` samples with the same number after them; 0 where either is constant. `sums` and `squares` hold the sums of the first i
 * samples and of their squares, so that only products are left for each length.
 */
function likeness(
  samples: Float32Array,
  at: number,
  length: number,
  sums: Float64Array,
  squares: Float64Array,
): number {
  let product = 0;
  for (let i = at, end = at + length; i < end; i++) product += samples[i] * samples[i + length];
  const sumA = sums[length];
  const sumB = sums[2 * length] - sumA;
  const spreadA = squares[length] - (sumA * sumA) / length;
  const spreadB = squares[2 * length] - squares[length] - (sumB * sumB) / length;
  const scale = spreadA > 0 && spreadB > 0 ? spreadA * spreadB : 0;
  return scale > 0 ? (product - (sumA * sumB) / length) / Math.sqrt(scale) : 0;
}

/** Highest less lowest of a period's samples, without its first and last. */
function peakToPeak(samples: Float32Array, at: number, length: number): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = at + 1, end = at + length - 1; i < end; i++) {
    if (samples[i] < low) low = samples[i];
    if (samples[i] > high) high = samples[i];
  }
  return high > low ? high - low : 0;
}
