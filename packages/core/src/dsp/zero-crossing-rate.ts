/** How often the signal changes its sign. */
import type { Samples } from "../math/fft.js";
import { type FramingOptions, firstSample, frameCount, greatestCommonDivisor } from "./framing.js";

export interface ZeroCrossingOptions extends FramingOptions {
  /** Samples this close to zero count as positive. Default 1e−10, as in librosa. */
  readonly threshold?: number | undefined;
}

/**
 * Returns, per frame, the number of sign changes inside the frame over its length, 0..1. As `librosa.feature.zero_crossing_rate`: when
 * centred, the end samples are repeated beyond the ends. Changes are counted once for each stretch that frames have in common.
 */
export function zeroCrossingRate(samples: Samples, framing: ZeroCrossingOptions): Float32Array {
  const { frameSamples, hopSamples } = framing;
  const threshold = bitsOf(Float32Array.of(framing.threshold ?? 1e-10))[0];
  const result = new Float32Array(samples.length === 0 ? 0 : frameCount(samples.length, framing));
  const origin = firstSample(framing);
  const stretch = greatestCommonDivisor(frameSamples, hopSamples);
  const [perHop, perFrame] = [hopSamples / stretch, frameSamples / stretch];
  const stretches = Math.max(0, (result.length - 1) * perHop + perFrame);
  // Sign changes from sample to sample, by the stretch in which the later one lies; and whether that is its first sample, for frames that begin there.
  const changes = new Uint32Array(stretches);
  const atFirst = new Uint8Array(stretches);
  const bits = bitsOf(samples);
  let before = bits.length > 0 ? isNegative(bits[0], threshold) : 0;
  for (let b = 0; b < stretches; b++) {
    const start = origin + b * stretch;
    let count = 0;
    for (let i = Math.max(0, start), end = Math.min(bits.length, start + stretch); i < end; i++) {
      const negative = isNegative(bits[i], threshold);
      count -= negative ^ before;
      if (i === start) atFirst[b] = count;
      before = negative;
    }
    changes[b] = count;
  }
  for (let t = 0; t < result.length; t++) {
    const first = t * perHop;
    let count = -atFirst[first];
    for (let b = first; b < first + perFrame; b++) count += changes[b];
    result[t] = count / frameSamples;
  }
  return result;
}

/** −1 for the bits of a float32 below −threshold, whose bits are given, too, else 0; without a branch, which noise makes hard to foresee. */
function isNegative(bits: number, threshold: number): number {
  return (bits >> 31) & ((threshold - (bits & 0x7fffffff)) >> 31);
}

function bitsOf(samples: Samples): Int32Array {
  const { buffer, byteOffset, length } =
    samples instanceof Float32Array ? samples : Float32Array.from(samples);
  return new Int32Array(buffer, byteOffset, length);
}
