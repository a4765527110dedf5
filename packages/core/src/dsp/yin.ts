/** Fundamental frequency by YIN (de Cheveigné & Kawahara 2002), as librosa computes it. */
import { realFft, type Samples } from "../math/fft.js";
import { firstSample, frameCount } from "./framing.js";

export interface YinOptions {
  readonly sampleRate: number;
  /** Lowest and highest F0 in Hz that is looked for. */
  readonly lowHz: number;
  readonly highHz: number;
  /** Default 2048. */
  readonly frameSamples?: number | undefined;
  /** Default a quarter of `frameSamples`. */
  readonly hopSamples?: number | undefined;
  /** A trough below this is taken as the period, the first one wins. Default 0.1. */
  readonly threshold?: number | undefined;
  readonly center?: boolean | undefined;
}

/** F0 in Hz per frame and the normalized difference (aperiodicity, 0 periodic, about 1 noise) at its period. */
export interface YinTrack {
  readonly f0Hz: Float32Array;
  readonly aperiodicity: Float32Array;
}

/**
 * Returns the track of `librosa.yin` 0.11: the difference function 2(r(0) − r(τ)) − Σ_{m<τ} x(m)² over the zero-padded frame, cumulative mean
 * normalization (equation 8), first trough below the threshold or else the global minimum, parabolic refinement. Every frame gets
 * an F0; `aperiodicity` says how far to trust it (librosa does not return it).
 */
export function yin(samples: Samples, options: YinOptions): YinTrack {
  const { sampleRate, lowHz, highHz, frameSamples = 2048, threshold = 0.1, center } = options;
  const hopSamples = options.hopSamples ?? Math.floor(frameSamples / 4);
  if (!(lowHz > 0 && lowHz < highHz && highHz <= sampleRate / 2 && sampleRate / lowHz < frameSamples - 1)) {
    throw new RangeError(
      `yin: got F0 from ${lowHz} to ${highHz} Hz, expected a range between ${sampleRate / (frameSamples - 1)} and ${sampleRate / 2} Hz`,
    );
  }
  const framing = { frameSamples, hopSamples, center };
  const minPeriod = Math.floor(sampleRate / highHz);
  const maxPeriod = Math.min(Math.ceil(sampleRate / lowHz), frameSamples - 1);
  let padded = 1;
  while (padded < frameSamples + maxPeriod) padded *= 2;
  const plan = realFft(padded);
  const frame = new Float64Array(padded);
  const correlation = new Float64Array(padded);
  const re = new Float64Array(plan.bins);
  const im = new Float64Array(plan.bins);
  const zeros = new Float64Array(plan.bins);
  const periods = maxPeriod - minPeriod + 1;
  const normalized = new Float64Array(periods);
  const frames = frameCount(samples.length, framing);
  const f0Hz = new Float32Array(frames);
  const aperiodicity = new Float32Array(frames);
  for (let t = 0; t < frames; t++) {
    const start = firstSample(framing) + t * hopSamples;
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
    const at = pickTrough(normalized, threshold);
    f0Hz[t] = sampleRate / (minPeriod + at + parabolicShift(normalized, at));
    aperiodicity[t] = Math.min(1, Math.max(0, normalized[at]));
  }
  return { f0Hz, aperiodicity };
}

/** The first local minimum below the threshold, else the global minimum. */
function pickTrough(values: Float64Array, threshold: number): number {
  let least = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < values[least]) least = i;
    if (value >= threshold) continue;
    // As librosa.util.localmin: below the left neighbour and not above the right one; the ends have one neighbour only.
    const left = i === 0 ? value < values[1] : value < values[i - 1];
    const right = i === 0 || i === values.length - 1 || value <= values[i + 1];
    if (left && right) return i;
  }
  return least;
}

/** Offset of the vertex of the parabola through three neighbours, 0 at the ends and where it lies beyond them. */
function parabolicShift(values: Float64Array, at: number): number {
  if (at === 0 || at === values.length - 1) return 0;
  const a = values[at + 1] + values[at - 1] - 2 * values[at];
  const b = (values[at + 1] - values[at - 1]) / 2;
  return Math.abs(b) >= Math.abs(a) ? 0 : -b / a;
}
