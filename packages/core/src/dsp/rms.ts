/** Root mean square of each frame. */
import type { Samples } from "../math/fft.js";
import { type FramingOptions, firstSample, frameCount } from "./framing.js";

/** Returns, per frame, √(mean of squares) in the signal's unit, ≥ 0; zeros beyond the ends. As `librosa.feature.rms(y=samples)`. */
export function rms(samples: Samples, framing: FramingOptions): Float32Array {
  const { frameSamples, hopSamples } = framing;
  const origin = firstSample(framing);
  const result = new Float32Array(frameCount(samples.length, framing));
  for (let t = 0; t < result.length; t++) {
    const start = origin + t * hopSamples;
    let sum = 0;
    for (let i = Math.max(0, start), end = Math.min(samples.length, start + frameSamples); i < end; i++) {
      sum += samples[i] * samples[i];
    }
    result[t] = Math.sqrt(sum / frameSamples);
  }
  return result;
}
