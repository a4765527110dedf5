/** F0, aperiodicity and harmonicity per frame, by YIN with a fixed integration window. */
import { lagProducts } from "../math/lag-products.js";
import { greatestCommonDivisor } from "./framing.js";

export interface PitchTrackOptions {
  readonly sampleRate: number;
  /** Frame t is centred on sample t × hop + frame / 2; there are as many frames as lie whole within the signal. */
  readonly frameSamples: number;
  readonly hopSamples: number;
  /** Samples W over which the signal is compared with its shifted self. */
  readonly windowSamples: number;
  /** Shortest period that may be found, in samples. */
  readonly minLagSamples: number;
  /** Longest lag computed, in samples; the longest period that may be found is one less. */
  readonly maxLagSamples: number;
  /** The first trough below this is the period, without any the least value. Default 0.15. */
  readonly threshold?: number | undefined;
  /** Frames to compute, non-zero for yes; others get F0 0, aperiodicity 1, harmonicity 0. Default all. */
  readonly only?: Uint8Array | undefined;
}

/** One value a frame. */
export interface PitchTrack {
  /** F0 in Hz; a frame that is not periodic has some value too. */
  readonly f0Hz: Float64Array;
  /** d' at the period (de Cheveigné & Kawahara 2002, equation 8): 0 for a periodic frame, about 1 for noise. */
  readonly aperiodicity: Float64Array;
  /** Normalized cross-correlation 2Σxy / Σ(x² + y²) of the window and the one a period later, −1..1. */
  readonly harmonicity: Float64Array;
}

/**
 * Returns the track of YIN as published (steps 1 to 5, threshold 0.15), with d(τ) = Σ_{j<W} (x[j] − x[j + τ])² over one window of W samples at
 * all lags; the W + maxLag samples lie symmetrically about the frame's centre, zeros beyond the ends. `yin` follows librosa instead,
 * whose window shrinks with the lag.
 */
export function pitchTrack(samples: Float32Array, options: PitchTrackOptions): PitchTrack {
  const {
    sampleRate,
    frameSamples,
    hopSamples,
    windowSamples,
    minLagSamples,
    maxLagSamples,
    threshold = 0.15,
    only,
  } = options;
  if (!(minLagSamples >= 1 && maxLagSamples > minLagSamples + 1 && windowSamples >= 1)) {
    throw new RangeError(
      `pitchTrack: got lags ${minLagSamples} to ${maxLagSamples}, window ${windowSamples}, expected ≥ 1 and at least three lags`,
    );
  }
  const frames =
    samples.length < frameSamples ? 0 : 1 + Math.floor((samples.length - frameSamples) / hopSamples);
  const length = windowSamples + maxLagSamples;
  const origin = Math.floor(frameSamples / 2) - Math.floor(length / 2);
  const blockSamples = greatestCommonDivisor(windowSamples, hopSamples);
  const products = lagProducts({
    blockSamples,
    blocks: windowSamples / blockSamples,
    maxLag: maxLagSamples,
  });
  /** Samples of a frame that reaches beyond the signal, zeros there. */
  const atEnd = new Float32Array(length);
  const energy = new Float64Array(maxLagSamples + 1);
  const normalized = new Float64Array(maxLagSamples + 1);
  const f0Hz = new Float64Array(frames);
  const aperiodicity = new Float64Array(frames).fill(1);
  const harmonicity = new Float64Array(frames);

  for (let t = 0; t < frames; t++) {
    if (only !== undefined && only[t] === 0) continue;
    const start = origin + t * hopSamples;
    const correlation = products.window(samples, start);
    let frame = samples;
    let first = start;
    if (start < 0 || start + length > samples.length) {
      frame = atEnd.fill(0);
      frame.set(samples.subarray(Math.max(0, start), Math.max(0, start + length)), Math.max(0, -start));
      first = 0;
    }
    let sum = correlation[0];
    energy[0] = sum;
    normalized[0] = 1;
    let cumulative = 0;
    for (let lag = 1; lag <= maxLagSamples; lag++) {
      const enters = frame[first + lag + windowSamples - 1];
      const leaves = frame[first + lag - 1];
      sum += enters * enters - leaves * leaves;
      energy[lag] = sum;
      const difference = Math.max(0, energy[0] + sum - 2 * correlation[lag]);
      cumulative += difference;
      normalized[lag] = (difference * lag) / Math.max(cumulative, 1e-12);
    }

    const lag = pickPeriod(normalized, { minLagSamples, maxLagSamples, threshold });
    const [before, at, after] = [normalized[lag - 1], normalized[lag], normalized[lag + 1]];
    const curvature = before - 2 * at + after;
    const shift =
      Math.abs(curvature) > 1e-12 ? Math.min(0.5, Math.max(-0.5, (0.5 * (before - after)) / curvature)) : 0;
    f0Hz[t] = sampleRate / (lag + shift);
    aperiodicity[t] = at;
    harmonicity[t] = (2 * correlation[lag]) / Math.max(energy[0] + energy[lag], 1e-12);
  }
  products.finish();
  return { f0Hz, aperiodicity, harmonicity };
}

function pickPeriod(
  normalized: Float64Array,
  {
    minLagSamples,
    maxLagSamples,
    threshold,
  }: { minLagSamples: number; maxLagSamples: number; threshold: number },
): number {
  let least = minLagSamples;
  for (let lag = minLagSamples; lag < maxLagSamples; lag++) {
    const value = normalized[lag];
    if (value < threshold && value <= normalized[lag + 1] && value < normalized[lag - 1]) return lag;
    if (value < normalized[least]) least = lag;
  }
  return least;
}
