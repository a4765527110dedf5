/** How often the signal changes its sign. */
import type { Samples } from "../math/fft.js";
import { type FramingOptions, firstSample, frameCount } from "./framing.js";

/** Samples this close to zero count as positive, as in librosa; as the bits of a float32. */
const threshold = new Int32Array(Float32Array.of(1e-10).buffer)[0]!;

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
  let count = 0;
  let before = 0;
  const bits = bitsOf(samples);
  for (let i = 0; i < bits.length; i++) {
    // 1 for what is below −threshold, without a branch, which noise makes hard to foresee.
    const negative = (bits[i]! >>> 31) & ((threshold - (bits[i]! & 0x7fffffff)) >>> 31);
    if (i > 0) count += negative ^ before;
    crossings[i] = count;
    before = negative;
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

function bitsOf(samples: Samples): Int32Array {
  const { buffer, byteOffset, length } =
    samples instanceof Float32Array ? samples : Float32Array.from(samples);
  return new Int32Array(buffer, byteOffset, length);
}
