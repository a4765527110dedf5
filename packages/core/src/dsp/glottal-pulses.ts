/** Glottal pulses: one point in each period of voiced sound, as Praat's "To PointProcess (cc)". */
import type { Samples } from "../math/fft.js";
import type { PitchContour } from "./autocorrelation-pitch.js";

/** How much shorter and longer than F0 says the next period may be. */
const shortestShare = 0.8;
const longestShare = 1.25;
/** Neighbours less alike than this are no pulses. */
const leastAlike = 0.3;
/** One pulse beyond the end of a voiced stretch counts when it is more alike than this. */
const alikeBeyond = 0.7;

export interface GlottalPulseOptions {
  readonly sampleRate: number;
  /** F0 of the same samples. */
  readonly pitch: PitchContour;
}

/**
 * Returns the times of the pulses in seconds, ascending. The first pulse of a voiced stretch is the greatest magnitude within half a period of its middle; from there
 * the next one on either side is where the period around it is most like the period around the last one: waveform matching, which measures jitter with less error
 * than picking peaks (Boersma 2009). Praat's manual gives the thresholds; the reach of 0.8 to 1.25 periods was measured.
 */
export function glottalPulses(samples: Samples, { sampleRate, pitch }: GlottalPulseOptions): Float64Array {
  const pulses: number[] = [];
  const findNeighbour = neighbourFinder(samples, sampleRate);
  for (const stretch of voicedStretches(pitch)) {
    const { from, to, periodAt } = stretch;
    const middle = (from + to) / 2;
    const start = greatestNear(samples, middle * sampleRate - 0.5, 0.5 * periodAt(middle) * sampleRate);
    const first = (start + 0.5) / sampleRate;
    const last = pulses.at(-1) ?? Number.NEGATIVE_INFINITY;

    /** Walks from the first pulse to the end of the stretch. */
    const walk = (direction: 1 | -1): number[] => {
      const found: number[] = [];
      for (let time = first; ; ) {
        const period = periodAt(time);
        const { seconds, likeness } = findNeighbour(time, period, direction);
        const inside = direction > 0 ? seconds < to : seconds >= from;
        if (likeness > (inside ? leastAlike : alikeBeyond) && seconds - last > shortestShare * period)
          found.push(seconds);
        if (!inside) return found;
        time = seconds;
      }
    };
    // A pulse beyond the end of the last stretch may lie where this one begins.
    if (first > last) pulses.push(...walk(-1).reverse(), first, ...walk(1));
  }
  return Float64Array.from(pulses);
}

interface VoicedStretch {
  /** From half a step before the first voiced frame to half a step after the last one, in seconds. */
  readonly from: number;
  readonly to: number;
  /** Returns the period in seconds; F0 is linear between the stretch's frames and held at its ends. */
  periodAt(seconds: number): number;
}

function voicedStretches({ f0Hz, firstSeconds, stepSeconds }: PitchContour): VoicedStretch[] {
  const stretches: VoicedStretch[] = [];
  for (let from = 0; from < f0Hz.length; from++) {
    if (!(f0Hz[from] > 0)) continue;
    let to = from + 1;
    while (to < f0Hz.length && f0Hz[to] > 0) to++;
    const last = to - 1;
    const start = from;
    stretches.push({
      from: firstSeconds + (from - 0.5) * stepSeconds,
      to: firstSeconds + (last + 0.5) * stepSeconds,
      periodAt(seconds) {
        const at = Math.max(start, Math.min(last, (seconds - firstSeconds) / stepSeconds));
        const low = Math.floor(at);
        const high = Math.min(last, low + 1);
        return 1 / (f0Hz[low] + (at - low) * (f0Hz[high] - f0Hz[low]));
      },
    });
    from = to;
  }
  return stretches;
}

/** Returns the place, between samples, of the greatest magnitude within `reach` samples of `middle`. */
function greatestNear(samples: Samples, middle: number, reach: number): number {
  let best = Math.max(0, Math.ceil(middle - reach));
  for (let i = best + 1, end = Math.min(samples.length - 1, Math.floor(middle + reach)); i <= end; i++)
    if (Math.abs(samples[i]) > Math.abs(samples[best])) best = i;
  if (best === 0 || best === samples.length - 1) return best;
  const sign = Math.sign(samples[best]);
  const slope = 0.5 * sign * (samples[best + 1] - samples[best - 1]);
  const curvature = sign * (2 * samples[best] - samples[best - 1] - samples[best + 1]);
  return curvature > 0 ? best + Math.max(-0.5, Math.min(0.5, slope / curvature)) : best;
}

interface Neighbour {
  readonly seconds: number;
  /** Normalized cross-correlation of the two periods, −1..1. */
  readonly likeness: number;
}

/**
 * Plans the search for the period most like the one centred on `time`; the place is that of the vertex of a parabola, which at the ends of the reach sees zeros beyond.
 */
function neighbourFinder(
  samples: Samples,
  sampleRate: number,
): (time: number, period: number, direction: 1 | -1) => Neighbour {
  let curve = new Float64Array(512);
  return (time, period, direction) => {
    const lag = period * sampleRate;
    const length = Math.round(lag) + 1;
    const start = time * sampleRate - 0.5 - lag / 2;
    const own = Math.round(start);
    const nearest = direction > 0 ? shortestShare : -longestShare;
    const first = Math.floor(start + nearest * lag);
    const count = Math.ceil(start + (nearest + longestShare - shortestShare) * lag) - first + 1;
    if (curve.length < count + 2) curve = new Float64Array(2 * count);
    curve[0] = 0;
    curve[count + 1] = 0;
    let best = 1;
    for (let k = 1; k <= count; k++) {
      curve[k] = likeness(samples, own, first + k - 1, length);
      if (curve[k] > curve[best]) best = k;
    }
    const slope = 0.5 * (curve[best + 1] - curve[best - 1]);
    const curvature = 2 * curve[best] - curve[best - 1] - curve[best + 1];
    const shift = curvature > 0 ? slope / curvature : 0;
    return {
      seconds: time + (first + best - 1 - own + shift) / sampleRate,
      likeness: curve[best] + 0.5 * slope * shift,
    };
  };
}

/** Normalized cross-correlation of two stretches of `length` samples, as far as both are there; 0 where one is silent. */
function likeness(samples: Samples, a: number, b: number, length: number): number {
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  const from = Math.max(0, -a, -b);
  const to = Math.min(length, samples.length - a, samples.length - b);
  for (let i = from; i < to; i++) {
    const x = samples[a + i];
    const y = samples[b + i];
    product += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  const scale = squareA * squareB;
  return scale > 0 ? product / Math.sqrt(scale) : 0;
}
