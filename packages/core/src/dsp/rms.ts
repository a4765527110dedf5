/** Root mean square of each frame. */
import type { Samples } from "../math/fft.js";
import { type FramingOptions, firstSample, frameCount, greatestCommonDivisor } from "./framing.js";

/**
 * Returns, per frame, √(mean of squares) in the signal's unit, ≥ 0; zeros beyond the ends. As `librosa.feature.rms(y=samples)`. Squares are summed
 * once for each stretch that frames have in common.
 */
export function rms(samples: Samples, framing: FramingOptions): Float32Array {
  const { frameSamples, hopSamples } = framing;
  const origin = firstSample(framing);
  const result = new Float32Array(frameCount(samples.length, framing));
  const stretch = greatestCommonDivisor(frameSamples, hopSamples);
  const [perHop, perFrame] = [hopSamples / stretch, frameSamples / stretch];
  const sums = new Float64Array(Math.max(0, (result.length - 1) * perHop + perFrame));
  for (let b = 0; b < sums.length; b++) {
    const start = origin + b * stretch;
    let sum = 0;
    for (let i = Math.max(0, start), end = Math.min(samples.length, start + stretch); i < end; i++)
      sum += samples[i] * samples[i];
    sums[b] = sum;
  }
  for (let t = 0; t < result.length; t++) {
    let sum = 0;
    for (let b = t * perHop; b < t * perHop + perFrame; b++) sum += sums[b];
    result[t] = Math.sqrt(sum / frameSamples);
  }
  return result;
}
