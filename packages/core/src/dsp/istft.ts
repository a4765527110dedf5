/** Inverse short-time Fourier transform: from a (changed) spectrogram back to a signal. */
import { realFft } from "../math/fft.js";
import type { ComplexSpectrogram, StftOptions } from "./stft.js";
import { hann } from "./window.js";

/** How the signal is put together. */
export interface IstftOptions extends Omit<StftOptions, "center"> {
  /** Samples of the result. */
  readonly length: number;
}

/** Where the windows' squares sum to less than this, nothing can be recovered. */
const leastOverlap = 1e-8;

/**
 * Returns the signal whose centred spectrogram is nearest to the given one in the least-squares sense: windowed overlap-add divided by the
 * sum of squared windows (Griffin and Lim 1984, equation 6), as `librosa.istft(center=True)`. An unchanged `stft` gives the signal back.
 */
export function istft({ re, im }: ComplexSpectrogram, options: IstftOptions): Float32Array {
  const { fftSize, hopSamples, length, window = hann(fftSize) } = options;
  const plan = realFft(fftSize);
  const inset = Math.floor((fftSize - window.length) / 2);
  const sum = new Float64Array(length);
  const overlap = new Float64Array(length);
  const frame = new Float64Array(fftSize);
  const frameRe = new Float64Array(re.cols);
  const frameIm = new Float64Array(re.cols);
  for (let t = 0; t < re.rows; t++) {
    frameRe.set(re.data.subarray(t * re.cols, (t + 1) * re.cols));
    frameIm.set(im.data.subarray(t * re.cols, (t + 1) * re.cols));
    plan.inverseInto(frameRe, frameIm, frame);
    const start = t * hopSamples - Math.floor(fftSize / 2) + inset;
    for (let i = Math.max(0, -start); i < window.length && start + i < length; i++) {
      sum[start + i] += frame[inset + i] * window[i];
      overlap[start + i] += window[i] ** 2;
    }
  }
  return Float32Array.from(sum, (value, i) => (overlap[i] > leastOverlap ? value / overlap[i] : 0));
}
