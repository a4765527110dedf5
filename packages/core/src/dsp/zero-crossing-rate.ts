/** How often the signal changes its sign. */
import type { Samples } from "../math/fft.js";
import { type FramingOptions, firstSample, frameCount } from "./framing.js";

/** Samples this close to zero count as positive, as in librosa. */
const threshold = 1e-10;

/**
 * Returns, per frame, the number of sign changes inside the frame over its length, 0..1. As `librosa.feature.zero_crossing_rate`: when
 * centred, the end samples are repeated beyond the ends.
 */
export function zeroCrossingRate(samples: Samples, framing: FramingOptions): Float32Array {
  const { frameSamples, hopSamples } = framing;
  const frames = samples.length === 0 ? 0 : frameCount(samples.length, framing);
  const origin = firstSample(framing);
  // crossings[i]: sign changes up to sample i.
  const crossings = new Uint32Array(samples.length);
  for (let i = 1; i < samples.length; i++) {
    crossings[i] = crossings[i - 1] + (samples[i] < -threshold !== samples[i - 1] < -threshold ? 1 : 0);
  }
  const result = new Float32Array(frames);
  for (let t = 0; t < frames; t++) {
    const start = origin + t * hopSamples;
    const first = Math.min(samples.length - 1, Math.max(0, start));
    const last = Math.min(samples.length - 1, Math.max(0, start + frameSamples - 1));
    result[t] = (crossings[last] - crossings[first]) / frameSamples;
  }
  return result;
}
