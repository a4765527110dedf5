/** Short-time Fourier transform: the one pass over the signal that all spectral features share. */
import { type RealFft, realFft, type Samples } from "../math/fft.js";
import { type Matrix, matrix, matrixIn } from "../math/matrix.js";
import { squareRoots } from "../math/row-loops.js";
import { firstSample, frameCount } from "./framing.js";
import { hann } from "./window.js";

/** How the transform is taken. */
export interface StftOptions {
  /** Transform length in samples; also the window's, unless `window` is shorter and then lies in the middle. */
  readonly fftSize: number;
  readonly hopSamples: number;
  /** Analysis window, at most `fftSize` samples. Default: periodic Hann of `fftSize`. */
  readonly window?: Samples | undefined;
  /** Whether frames are centred on t × hop, with zeros beyond the ends. Default true, as librosa. */
  readonly center?: boolean | undefined;
}

/** Where a result goes. */
export interface WorkMemory {
  /** Its beginning becomes the result's values, until it is used again. Default: new. */
  readonly memory?: Float32Array | undefined;
}

/** A complex spectrogram: rows are frames, columns the bins 0..fftSize / 2. */
export interface ComplexSpectrogram {
  readonly re: Matrix;
  readonly im: Matrix;
}

/** Returns frames × (fftSize / 2 + 1) complex values, as `librosa.stft(pad_mode="constant")` transposed. */
export function stft(samples: Samples, options: StftOptions): ComplexSpectrogram {
  const bins = Math.floor(options.fftSize / 2) + 1;
  const frames = stftFrameCount(samples.length, options);
  const re = matrix(frames, bins);
  const im = matrix(frames, bins);
  const frameRe = new Float64Array(bins);
  const frameIm = new Float64Array(bins);
  forEachFrame(samples, options, (frame, plan, t) => {
    plan.forwardInto(frame, frameRe, frameIm);
    re.data.set(frameRe, t * bins);
    im.data.set(frameIm, t * bins);
  });
  return { re, im };
}

/** Returns frames × (fftSize / 2 + 1) powers |X|², as `abs(librosa.stft(pad_mode="constant")) ** 2` transposed. */
export function powerSpectrogram(samples: Samples, options: StftOptions & WorkMemory): Matrix {
  const { fftSize, hopSamples, center } = options;
  const bins = Math.floor(fftSize / 2) + 1;
  const frames = stftFrameCount(samples.length, options);
  const power = matrixIn(options.memory, frames, bins);
  const plan = realFft(fftSize);
  if (!plan.windowed || !(samples instanceof Float32Array)) {
    forEachFrame(samples, options, (frame, _, t) => plan.powerInto(frame, power.data, t * bins));
    return power;
  }
  const window = windowOf(options);
  const padded = new Float64Array(fftSize);
  padded.set(window, Math.floor((fftSize - window.length) / 2));
  const frame = plan.windowed(padded);
  const origin = firstSample({ frameSamples: fftSize, hopSamples, center });
  for (let t = 0; t < frames; t++) {
    const start = origin + t * hopSamples;
    const from = Math.max(0, -start);
    const to = Math.max(from, Math.min(fftSize, samples.length - start));
    if (from > 0) frame.samples.fill(0, 0, from);
    if (to < fftSize) frame.samples.fill(0, to);
    if (to > from) frame.samples.set(samples.subarray(start + from, start + to), from);
    frame.powerInto(power.data, t * bins);
  }
  return power;
}

/** Returns the magnitudes |X|, the element-wise root of a power spectrogram. */
export function magnitudes(power: Matrix, { memory }: WorkMemory = {}): Matrix {
  const result = matrixIn(memory, power.rows, power.cols);
  const [from, to] = [power.data, result.data];
  squareRoots(from, to);
  return result;
}

/** Returns the centre frequencies in Hz of the bins 0..fftSize / 2. */
export function fftFrequencies(fftSize: number, sampleRate: number): Float64Array {
  return Float64Array.from({ length: Math.floor(fftSize / 2) + 1 }, (_, k) => (k * sampleRate) / fftSize);
}

function stftFrameCount(samples: number, { fftSize, hopSamples, center }: StftOptions): number {
  return frameCount(samples, { frameSamples: fftSize, hopSamples, center });
}

/** Default windows by size, which nobody else has. */
const windows = new Map<number, Float64Array>();
const maxWindows = 8;

function windowOf({ fftSize, window = defaultWindow(fftSize) }: StftOptions): Samples {
  if (window.length > fftSize || window.length === 0) {
    throw new RangeError(`stft: got a window of ${window.length} samples, expected 1 to ${fftSize}`);
  }
  return window;
}

function defaultWindow(size: number): Float64Array {
  const known = windows.get(size);
  if (known) return known;
  if (windows.size >= maxWindows) windows.delete(windows.keys().next().value!);
  const window = hann(size);
  windows.set(size, window);
  return window;
}

function forEachFrame(
  samples: Samples,
  options: StftOptions,
  visit: (windowed: Float64Array, plan: RealFft, frame: number) => void,
): void {
  const { fftSize, hopSamples, center } = options;
  const window = windowOf(options);
  const plan = realFft(fftSize);
  const frame = plan.input;
  frame.fill(0);
  const inset = Math.floor((fftSize - window.length) / 2);
  const frames = stftFrameCount(samples.length, options);
  const origin = firstSample({ frameSamples: fftSize, hopSamples, center }) + inset;
  const size = window.length;
  for (let t = 0; t < frames; t++) {
    const start = origin + t * hopSamples;
    const from = Math.max(0, -start);
    const to = Math.min(size, samples.length - start);
    if (from > 0) frame.fill(0, inset, inset + from);
    if (to < size) frame.fill(0, inset + Math.max(0, to), inset + size);
    // Four at a time: V8's own work for each turn of a loop is more than the product.
    let i = from;
    for (; i + 3 < to; i += 4) {
      const source = start + i;
      frame[inset + i] = samples[source] * window[i];
      frame[inset + i + 1] = samples[source + 1] * window[i + 1];
      frame[inset + i + 2] = samples[source + 2] * window[i + 2];
      frame[inset + i + 3] = samples[source + 3] * window[i + 3];
    }
    for (; i < to; i++) frame[inset + i] = samples[start + i] * window[i];
    visit(frame, plan, t);
  }
}
