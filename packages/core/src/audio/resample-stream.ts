/** Changes the sample rate of audio as it comes. */
import { cachedResampler, convolve } from "./resample.js";

/** A stream of samples; what it gives is, however they are cut, what `resample` gives of the whole. */
export interface ResampleStream {
  /** Takes any number of samples, returns those at the new rate that they complete. */
  push(samples: Float32Array): Float32Array;
  /** Returns the samples that waited for others still to come. */
  finish(): Float32Array;
}

/**
 * Returns a stream from one rate in Hz to another, both positive integers. It holds the samples that the filters reach over, some milliseconds, and computes each
 * output once where phases are interpolated; other filters begin anew with the last output of phase 0, which lies at most 2047 outputs back (319 from 44.1 to 16 kHz).
 */
export function resampleStream(from: number, to: number): ResampleStream {
  if (from === to) return { push: (samples) => samples, finish: () => new Float32Array(0) };
  const { first, last } = cachedResampler(from, to);
  const { up, down, before, taps, interpolated } = last;
  let held: Float32Array = new Float32Array(0);
  /** Number of the first sample that is held, of the samples so far, and of those given so far. */
  let origin = 0;
  let taken = 0;
  let given = 0;

  /** Number of samples of the last filter's input that the first filter, if there is one, can give of what has come. */
  const reached = (): number =>
    first ? Math.floor((taken + first.before - first.taps) / first.down) + 1 : taken;
  /** Number of the output to compute first where `k` is wanted. */
  const startOf = (k: number): number => (interpolated ? k : Math.floor(k / up) * up);
  /** Where the last filter's input for output `k` begins. */
  const inputOf = (k: number): number => Math.floor((k * down) / up) - before;

  /** Returns the outputs from the last one given to `end`, and lets go of what later ones do not need. */
  function give(end: number): Float32Array {
    const start = startOf(given);
    if (end <= given) return new Float32Array(0);
    const count = end - start;
    const low = inputOf(start);
    const between = first ? convolve(first, held, origin, low, inputOf(end - 1) + taps - low) : held;
    const output = convolve(last, between, first ? low : origin, start, count).subarray(given - start);
    given = end;
    const next = inputOf(startOf(given));
    const needed = Math.max(origin, first ? next * first.down - first.before : next);
    held = held.slice(needed - origin);
    origin = needed;
    return output;
  }

  return {
    push(samples) {
      const joined = new Float32Array(held.length + samples.length);
      joined.set(held);
      joined.set(samples, held.length);
      held = joined;
      taken += samples.length;
      // The last output whose input ends with what has been reached.
      return give(Math.floor(((reached() + before - taps + 1) * up - 1) / down) + 1);
    },
    finish: () => give(Math.ceil((taken * to) / from)),
  };
}
