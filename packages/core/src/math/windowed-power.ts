/** Power spectra of windowed frames with their energies: the frame is written where it is transformed. */
import { fftKernel } from "./fft-kernel.js";

/** Measures frames one after the other. */
export interface WindowedPower {
  /** The loaded frame under its window, with zeros up to the size of the transform. */
  readonly frame: Float64Array;
  /** Takes the frame that starts at `start`, with zeros beyond the end of the samples. */
  load(samples: Float32Array, start: number): void;
  /** Returns the loaded frame's energy, the sum of its squares, before and under the window. */
  energy(): number;
  windowedEnergy(): number;
  /** Returns |X[k]|², k = 0..size / 2, of the loaded frame; good until the next call. */
  power(): Float64Array;
}

/**
 * Returns a measure of frames as long as `window`, an even length, and transforms of `size`, a power of two not below that.
 * @throws RangeError for other lengths.
 */
export function windowedPower(window: Float64Array, size: number): WindowedPower {
  const { length } = window;
  if ((size & (size - 1)) !== 0 || size < Math.max(2, length) || length % 2 !== 0)
    throw new RangeError(
      `windowedPower: got size ${size}, expected a power of two from ${length} on, and that even`,
    );
  const kernel = fftKernel(size / 2);
  const { signal } = kernel;
  let energy = 0;
  let windowedEnergy = 0;
  return {
    frame: signal,
    load(samples, start) {
      const end = Math.min(length, (samples.length - start) & ~1);
      // Two sums of each kind in locals: none waits for the other, none is stored.
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let i = 0, at = start; i < end; i += 2, at += 2) {
        const first = samples[at];
        const second = samples[at + 1];
        const weighted = first * window[i];
        const next = second * window[i + 1];
        signal[i] = weighted;
        signal[i + 1] = next;
        a += first * first;
        b += second * second;
        c += weighted * weighted;
        d += next * next;
      }
      if (end < length) {
        signal.fill(0, end, length);
        if (start + end < samples.length) {
          const first = samples[start + end];
          signal[end] = first * window[end];
          a += first * first;
          c += signal[end] * signal[end];
        }
      }
      energy = a + b;
      windowedEnergy = c + d;
    },
    energy: () => energy,
    windowedEnergy: () => windowedEnergy,
    power: kernel.power,
  };
}
