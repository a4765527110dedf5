/** The cumulative mean normalized difference of YIN (de Cheveigné & Kawahara 2002, equations 6 and 8), frame by frame. */
import { realFft, type Samples } from "../math/fft.js";
import { firstSample, frameCount } from "./framing.js";

/** The frames and the range of periods that YIN and pYIN look at. */
export interface PeriodOptions {
  readonly sampleRate: number;
  /** Lowest and highest F0 in Hz that is looked for. */
  readonly lowHz: number;
  readonly highHz: number;
  /** Default 2048. */
  readonly frameSamples?: number | undefined;
  /** Default a quarter of `frameSamples`. */
  readonly hopSamples?: number | undefined;
  readonly center?: boolean | undefined;
}

/** What `PeriodOptions` come to in samples. */
export interface PeriodRange {
  readonly frameSamples: number;
  readonly hopSamples: number;
  readonly frames: number;
  /** Periods minPeriod..maxPeriod in samples, both included. */
  readonly minPeriod: number;
  readonly maxPeriod: number;
}

/**
 * Returns the frames and periods of a signal of `samples` samples.
 * @throws RangeError for a range of F0 that is empty, above half the rate or whose longest period does not fit the frame.
 */
export function periodRange(samples: number, options: PeriodOptions): PeriodRange {
  const { sampleRate, lowHz, highHz, frameSamples = 2048, center } = options;
  const hopSamples = options.hopSamples ?? Math.floor(frameSamples / 4);
  if (!(lowHz > 0 && lowHz < highHz && highHz <= sampleRate / 2 && sampleRate / lowHz < frameSamples - 1)) {
    throw new RangeError(
      `Pitch: got F0 from ${lowHz} to ${highHz} Hz, expected a range between ${sampleRate / (frameSamples - 1)} and ${sampleRate / 2} Hz`,
    );
  }
  return {
    frameSamples,
    hopSamples,
    frames: frameCount(samples, { frameSamples, hopSamples, center }),
    minPeriod: Math.floor(sampleRate / highHz),
    maxPeriod: Math.min(Math.ceil(sampleRate / lowHz), frameSamples - 1),
  };
}

/**
 * Calls `visit` for every frame with d'(τ), τ = minPeriod..maxPeriod: 0 where the frame repeats itself, about 1 for noise. As librosa 0.11:
 * d(τ) = 2(r(0) − r(τ)) − Σ_{m<τ} x(m)² over the zero-padded frame. The array is the same at every call.
 */
export function forEachNormalizedDifference(
  samples: Samples,
  options: PeriodOptions,
  visit: (normalized: Float64Array, frame: number) => void,
): void {
  const { frameSamples, hopSamples, frames, minPeriod, maxPeriod } = periodRange(samples.length, options);
  const origin = firstSample({ frameSamples, hopSamples, center: options.center });
  let padded = 1;
  while (padded < frameSamples + maxPeriod) padded *= 2;
  const plan = realFft(padded);
  const frame = new Float64Array(padded);
  const correlation = new Float64Array(padded);
  const re = new Float64Array(plan.bins);
  const im = new Float64Array(plan.bins);
  const zeros = new Float64Array(plan.bins);
  const normalized = new Float64Array(maxPeriod - minPeriod + 1);
  for (let t = 0; t < frames; t++) {
    const start = origin + t * hopSamples;
    const from = Math.max(0, -start);
    const to = Math.max(from, Math.min(frameSamples, samples.length - start));
    frame.fill(0, 0, from);
    frame.fill(0, to, frameSamples);
    for (let i = from; i < to; i++) frame[i] = samples[start + i];
    plan.forwardInto(frame, re, im);
    for (let k = 0; k < plan.bins; k++) re[k] = re[k] * re[k] + im[k] * im[k];
    plan.inverseInto(re, zeros, correlation);
    let head = 0;
    let cumulative = 0;
    for (let lag = 1; lag <= maxPeriod; lag++) {
      head += frame[lag - 1] * frame[lag - 1];
      const difference = 2 * (correlation[0] - correlation[lag]) - head;
      cumulative += difference;
      if (lag >= minPeriod)
        normalized[lag - minPeriod] = difference / (cumulative / lag + 2.2250738585072014e-308);
    }
    visit(normalized, t);
  }
}

/** Whether `values[i]` is a trough as librosa counts them: below the left neighbour and not above the right one; ends have one neighbour only. */
export function isTrough(values: Float64Array, i: number): boolean {
  const value = values[i];
  if (i === 0) return value < values[1];
  return value < values[i - 1] && (i === values.length - 1 || value <= values[i + 1]);
}

/** Offset of the vertex of the parabola through three neighbours, 0 at the ends and where it lies beyond them. */
export function parabolicShift(values: Float64Array, at: number): number {
  if (at === 0 || at === values.length - 1) return 0;
  const a = values[at + 1] + values[at - 1] - 2 * values[at];
  const b = (values[at + 1] - values[at - 1]) / 2;
  return Math.abs(b) >= Math.abs(a) ? 0 : -b / a;
}
