/** Convolution by Fourier transforms, for filters and rooms. */
import { realFft } from "../../math/fft.js";

/** Returns Σₖ signal[n + delay − k] · kernel[k] for n = 0..length − 1 of the signal, which is zero outside; float64 inside. */
export function convolve(
  signal: Float32Array,
  kernel: ArrayLike<number>,
  { delay = 0 }: { delay?: number } = {},
): Float32Array {
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, signal.length + kernel.length)));
  const fft = realFft(size);
  const spectrum = (values: ArrayLike<number>): { re: Float64Array; im: Float64Array } => {
    const padded = new Float64Array(size);
    padded.set(values);
    const re = new Float64Array(fft.bins);
    const im = new Float64Array(fft.bins);
    fft.forwardInto(padded, re, im);
    return { re, im };
  };
  const a = spectrum(signal);
  const b = spectrum(kernel);
  for (let k = 0; k < fft.bins; k++) {
    const re = a.re[k] * b.re[k] - a.im[k] * b.im[k];
    a.im[k] = a.re[k] * b.im[k] + a.im[k] * b.re[k];
    a.re[k] = re;
  }
  const out = new Float64Array(size);
  fft.inverseInto(a.re, a.im, out);
  return Float32Array.from(out.subarray(delay, delay + signal.length));
}
