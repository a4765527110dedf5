/** Harmonics-to-noise ratio over time by cross-correlation (Boersma 1993), as Praat's "To Harmonicity (cc)". */
import { realFft, type Samples } from "../math/fft.js";
import { type Peak, parabolicPeak, refinePeak } from "../math/sinc-peak.js";
import { centredFrames } from "./centred-frames.js";
import { meanBetween, peakBetween } from "./mean-and-peak.js";

export interface HarmonicityOptions {
  readonly sampleRate: number;
  /** Lowest F0 in Hz; one of its periods is compared with what follows up to a period later. Default 75. */
  readonly floorHz?: number | undefined;
  /** Distance of frames in seconds. Default 0.01. */
  readonly stepSeconds?: number | undefined;
}

/** One value a frame; frame t is centred on `firstSeconds` + t × `stepSeconds`. */
export interface HarmonicityContour {
  readonly firstSeconds: number;
  readonly stepSeconds: number;
  /** In dB; NaN where the frame is silent or not periodic at all. */
  readonly hnrDb: Float64Array;
}

/** A frame whose peak is under this share of the loudest sample is silent; up to twice the share only the more periodic ones count. Praat's default. */
const silenceThreshold = 0.1;
/** Samples on either side from which the correlation is interpolated. */
const depth = 30;
/** The parabola through three samples stays below the peak of a curve that is interpolated from many by less than this. */
const parabolaMisses = 0.25;

/**
 * Returns 10 log₁₀(r / (1 − r)) of each frame, r being the greatest peak of the normalized forward cross-correlation; no frames when the signal is shorter than two
 * periods of the floor. The paper has the principle; that Praat compares a period less three samples, from a period before the frame's middle on, was measured on pairs of
 * impulses (at 16 kHz and 75 Hz).
 * @throws RangeError for a step that is not positive or a floor that is not, or above a twentieth of the rate.
 */
export function harmonicity(samples: Samples, options: HarmonicityOptions): HarmonicityContour {
  const { sampleRate, floorHz = 75, stepSeconds = 0.01 } = options;
  if (!(floorHz > 0 && floorHz <= sampleRate / 20 && stepSeconds > 0)) {
    throw new RangeError(
      `harmonicity: got a floor of ${floorHz} Hz every ${stepSeconds} s at ${sampleRate} Hz, expected > 0 and at most a twentieth of the rate, > 0 s`,
    );
  }
  const { count, firstSeconds } = centredFrames(samples.length / sampleRate, 2 / floorHz, stepSeconds);
  const longest = Math.floor(sampleRate / floorHz);
  const half = Math.floor(longest / 2) - 1;
  const size = 2 * half;
  const correlate = forwardCorrelator(size);
  const everything = [0, samples.length] as const;
  const loudest = peakBetween(samples, meanBetween(samples, ...everything), everything);
  const hnrDb = new Float64Array(count).fill(Number.NaN);
  const peak: Peak = { at: 0, height: 0 };

  for (let t = 0; t < count; t++) {
    const middle = Math.ceil((firstSeconds + t * stepSeconds) * sampleRate - 0.5);
    const mean = meanBetween(samples, middle - longest, middle + longest);
    const localPeak = peakBetween(samples, mean, [middle - half, middle + half]);
    const unvoiced = Math.max(0, 2 - localPeak / (loudest * silenceThreshold));
    if (!(unvoiced < 1)) continue;
    const curve = correlate(samples, middle - longest - 1, mean);
    let best = unvoiced;
    for (let i = depth + 2; i < depth + size; i++) {
      if (!(curve[i] > 0 && curve[i] > curve[i - 1] && curve[i] >= curve[i + 1])) continue;
      parabolicPeak(curve, i, peak);
      if (peak.height + parabolaMisses < best) continue;
      refinePeak(curve, peak, depth);
      best = Math.max(best, peak.height > 1 ? 1 / peak.height : peak.height);
    }
    // Below the last digit of 1 there is nothing to tell noise by.
    if (best > unvoiced) hnrDb[t] = 10 * Math.log10(best / Math.max(Number.EPSILON, 1 - best));
  }
  return { firstSeconds, stepSeconds, hnrDb };
}

/**
 * Plans Σ x[n] x[n + τ] / √(Σ x[n]² Σ x[n + τ]²) over the `size` samples from `start` on, for τ from −`depth` (index 0) to `size` + `depth`. The result is overwritten by
 * the next call.
 */
function forwardCorrelator(size: number): (samples: Samples, start: number, mean: number) => Float64Array {
  const curve = new Float64Array(size + 2 * depth + 1);
  const length = size + curve.length;
  // Circular correlation is enough: no lag of interest wraps around.
  let padded = 2;
  while (padded < length) padded *= 2;
  const plan = realFft(padded);
  const long = new Float64Array(padded);
  const short = new Float64Array(padded);
  const product = new Float64Array(padded);
  const longRe = new Float64Array(plan.bins);
  const longIm = new Float64Array(plan.bins);
  const shortRe = new Float64Array(plan.bins);
  const shortIm = new Float64Array(plan.bins);

  return (samples, start, mean) => {
    const origin = start - depth;
    long.fill(0);
    for (let i = Math.max(0, -origin), end = Math.min(length, samples.length - origin); i < end; i++)
      long[i] = samples[origin + i] - mean;
    for (let i = 0; i < size; i++) short[i] = long[depth + i];
    plan.forwardInto(long, longRe, longIm);
    plan.forwardInto(short, shortRe, shortIm);
    for (let k = 0; k < plan.bins; k++) {
      const re = shortRe[k] * longRe[k] + shortIm[k] * longIm[k];
      longIm[k] = shortRe[k] * longIm[k] - shortIm[k] * longRe[k];
      longRe[k] = re;
    }
    plan.inverseInto(longRe, longIm, product);
    let own = 0;
    let energy = 0;
    for (let i = 0; i < size; i++) {
      own += short[i] * short[i];
      energy += long[i] * long[i];
    }
    for (let i = 0; i < curve.length; i++) {
      curve[i] = own > 0 && energy > 0 ? product[i] / Math.sqrt(own * energy) : 0;
      energy += long[i + size] * long[i + size] - long[i] * long[i];
    }
    return curve;
  };
}
