/** F0 by autocorrelation and the cheapest path through its candidates (Boersma 1993), as Praat's "To Pitch (ac)". */
import { realFft, type Samples } from "../math/fft.js";
import { type Peak, parabolicPeak, refinePeak } from "../math/sinc-peak.js";
import { candidatePath } from "./candidate-path.js";
import { centredFrames } from "./centred-frames.js";
import { meanBetween, peakBetween } from "./mean-and-peak.js";

export interface AutocorrelationPitchOptions {
  readonly sampleRate: number;
  /** Lowest F0 in Hz; three of its periods make a window. Default 75. */
  readonly floorHz?: number | undefined;
  /** Highest F0 in Hz. Default 600. */
  readonly ceilingHz?: number | undefined;
  /** Distance of frames in seconds. Default 0.01. */
  readonly stepSeconds?: number | undefined;
}

/** F0 of each frame; frame t is centred on `firstSeconds` + t × `stepSeconds`. */
export interface PitchContour {
  readonly firstSeconds: number;
  readonly stepSeconds: number;
  /** In Hz; 0 where the frame is unvoiced. */
  readonly f0Hz: Float64Array;
}

/** Praat's defaults; the costs are those of frames 10 ms apart. */
const voicedCandidates = 14;
const silenceThreshold = 0.03;
const voicingThreshold = 0.45;
const octaveCost = 0.01;
const octaveJumpCost = 0.35;
const voicingCost = 0.14;
/** Samples on either side from which the autocorrelation is interpolated. */
const depth = 30;

/**
 * Returns the contour of Boersma 1993 under a Hann window; no frames when the signal is shorter than a window. Where the paper leaves a choice, Praat's was measured
 * on impulses and tones: the window of 3 periods of the floor less two samples, the mean of two periods about the middle, the peak that of one under the window, the
 * octave cost counted from the ceiling down.
 * @throws RangeError for a step that is not positive, or a floor and ceiling out of order, above half the rate or (the floor) a twentieth of it.
 */
export function autocorrelationPitch(samples: Samples, options: AutocorrelationPitchOptions): PitchContour {
  const { sampleRate, floorHz = 75, ceilingHz = 600, stepSeconds = 0.01 } = options;
  if (
    !(
      floorHz > 0 &&
      floorHz <= sampleRate / 20 &&
      ceilingHz > floorHz &&
      ceilingHz <= sampleRate / 2 &&
      stepSeconds > 0
    )
  ) {
    throw new RangeError(
      `autocorrelationPitch: got ${floorHz} to ${ceilingHz} Hz every ${stepSeconds} s at ${sampleRate} Hz, expected 0 < floor < ceiling, at most a twentieth and half of the rate, and > 0 s`,
    );
  }
  const { count, firstSeconds } = centredFrames(samples.length / sampleRate, 3 / floorHz, stepSeconds);
  const half = Math.floor((1.5 * sampleRate) / floorHz) - 1;
  const longest = Math.floor(sampleRate / floorHz);
  const shortest = Math.floor(sampleRate / ceilingHz);
  const correlate = frameCorrelator(2 * half, longest);
  const everything = [0, samples.length] as const;
  const loudest = peakBetween(samples, meanBetween(samples, ...everything), everything);
  const path = candidatePath({
    frames: count,
    candidates: 1 + voicedCandidates,
    octaveJumpCost: (octaveJumpCost * 0.01) / stepSeconds,
    voicingCost: (voicingCost * 0.01) / stepSeconds,
  });
  const strength = (height: number, lag: number): number =>
    height - octaveCost * Math.log2((ceilingHz * lag) / sampleRate);
  const kept = strongest(voicedCandidates);
  const peak: Peak = { at: 0, height: 0 };

  for (let t = 0; t < count; t++) {
    const middle = Math.floor((firstSeconds + t * stepSeconds) * sampleRate + 0.5);
    const mean = meanBetween(samples, middle - longest, middle + longest);
    const { curve, peak: localPeak } = correlate(samples, middle - half, mean);
    const loudness = loudest > 0 ? localPeak / loudest : 0;
    path.begin(voicingThreshold + Math.max(0, 2 - (loudness * (1 + voicingThreshold)) / silenceThreshold));
    kept.clear();
    for (let i = depth + shortest; i <= depth + longest; i++) {
      if (!(curve[i] > voicingThreshold / 2 && curve[i] > curve[i - 1] && curve[i] >= curve[i + 1])) continue;
      parabolicPeak(curve, i, peak);
      kept.offer(i, strength(peak.height, peak.at - depth));
    }
    for (let k = 0; k < kept.count; k++) {
      parabolicPeak(curve, kept.places[k], peak);
      refinePeak(curve, peak, depth);
      const lag = peak.at - depth;
      const hz = sampleRate / lag;
      // What interpolation lifts above 1 is as far from periodic as its inverse.
      const height = peak.height > 1 ? 1 / peak.height : peak.height;
      if (hz >= floorHz && hz <= ceilingHz) path.add(hz, strength(height, lag));
    }
  }
  return { firstSeconds, stepSeconds, f0Hz: path.finish() };
}

/** The autocorrelation of one frame, 1 at lag 0; lag τ, from −`depth` on, is at index `depth` + τ. All 0 for silence. */
interface FrameCorrelation {
  readonly curve: Float64Array;
  /** Greatest magnitude under the window within half a period of the floor about the middle. */
  peak: number;
}

/**
 * Plans the autocorrelation of frames of `size` samples divided by that of their Hann window (equation 9), for lags up to `longest` and as many more as interpolation
 * looks at. The result is overwritten by the next call.
 */
function frameCorrelator(
  size: number,
  longest: number,
): (samples: Samples, start: number, mean: number) => FrameCorrelation {
  const lags = longest + 1 + depth;
  let padded = 2;
  while (padded < size + lags + 1) padded *= 2;
  const plan = realFft(padded);
  const window = Float64Array.from(
    { length: size },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 1)) / (size + 1)),
  );
  const frame = new Float64Array(padded);
  const power = new Float64Array(plan.bins);
  const zeros = new Float64Array(plan.bins);
  const product = new Float64Array(padded);
  const result = { curve: new Float64Array(depth + lags + 1), peak: 0 };
  const { curve } = result;
  const nearest = size / 2 - 1 - Math.floor(longest / 2);

  function autocorrelate(): void {
    plan.powerInto(frame, power);
    plan.inverseInto(power, zeros, product);
  }

  frame.set(window);
  autocorrelate();
  const windowProduct = Float64Array.from(product.subarray(0, lags + 1), (value) => value / product[0]);

  return (samples, start, mean) => {
    frame.fill(0);
    for (let i = Math.max(0, -start), end = Math.min(size, samples.length - start); i < end; i++)
      frame[i] = (samples[start + i] - mean) * window[i];
    result.peak = peakBetween(frame, 0, [nearest, size - nearest]);
    autocorrelate();
    curve.fill(0);
    if (!(product[0] > 0)) return result;
    for (let lag = 0; lag <= lags; lag++) {
      const value = product[lag] / (product[0] * windowProduct[lag]);
      curve[depth + lag] = value;
      if (lag <= depth) curve[depth - lag] = value;
    }
    return result;
  };
}

/** Keeps the strongest so many of the places that it is offered. */
function strongest(most: number) {
  const places = new Int32Array(most);
  const strengths = new Float64Array(most);
  return {
    places,
    count: 0,
    clear(): void {
      this.count = 0;
    },
    offer(place: number, strength: number): void {
      let at = this.count;
      if (at < most) this.count++;
      else {
        at = 0;
        for (let k = 1; k < most; k++) if (strengths[k] < strengths[at]) at = k;
        if (strength <= strengths[at]) return;
      }
      places[at] = place;
      strengths[at] = strength;
    },
  };
}
