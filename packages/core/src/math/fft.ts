/** Planned fast Fourier transforms of real signals of any length. */
import { fftKernel, halfTurn, pairPower, spectrumEnds } from "./fft-kernel.js";
import { untanglePairs } from "./fft-plain-loops.js";

/** Numbers that a transform reads: float32 signals and float64 work buffers alike. */
export type Samples = Float32Array | Float64Array;

/** A planned real transform: tables and work memory are made once, so that no call allocates. */
export interface RealFft {
  /** Length N of the signal. */
  readonly size: number;
  /** Number of spectrum bins, floor(N / 2) + 1; bin k is at k / N of the sample rate. */
  readonly bins: number;
  /** N numbers of the plan's own: a signal that is written here needs no copy. The next call of any method may change it. */
  readonly input: Float64Array;
  /** Writes X[k] = Σ x[n] e^(−2πikn/N), k = 0..bins − 1, into `re` and `im` (length ≥ bins). */
  forwardInto(signal: Samples, re: Float64Array, im: Float64Array): void;
  /** Writes |X[k]|², k = 0..bins − 1, from `at` on; the same as squaring what `forwardInto` gives, in one pass less. */
  powerInto(signal: Samples, power: Samples, at?: number): void;
  /**
   * For N = 2^n returns what writes |X[k]|² of the products of the window (length N) and float32 samples that are put into `samples`; good until the next
   * call of this method for the same N.
   */
  windowed?(window: Float64Array): WindowedFft;
  /** Writes the real signal of length N whose `forwardInto` is (`re`, `im`), 1/N included, into `signal`. */
  inverseInto(re: Float64Array, im: Float64Array, signal: Samples): void;
}

/** See `RealFft.windowed`. */
export interface WindowedFft {
  readonly samples: Float32Array;
  powerInto(power: Float32Array, at: number): void;
}

/** A planned complex transform Z[k] = Σ z[n] e^(−2πikn/N) in place of `re`, `im`, which the plan owns. Not for concurrent use. */
interface ComplexFft {
  readonly re: Float64Array;
  readonly im: Float64Array;
  run(): void;
  /** Transforms z[n] = signal[2n] + i signal[2n + 1]. */
  runPairs(signal: Samples): void;
  /** After `runPairs`: |X[k]|², k = 0..N, of the real signal of 2N samples; good until the next call. */
  powerOfPairs(): Float64Array;
}

/** Plans kept; they hold nothing from call to call, so whoever asks for a size may have the same one. */
const plans = new Map<number, RealFft>();
const maxPlans = 16;
/** Longer plans, of whole recordings, are not kept: they would hold too much memory. */
const maxKeptSize = 2 ** 14;

/**
 * Returns a plan for real signals of `size` samples. Float64 throughout. Powers of two run a radix-4 decimation in time (Cooley & Tukey 1965) on half the
 * length, in WebAssembly with SIMD where that is to be had; other lengths go through Bluestein's chirp (1970).
 * @throws RangeError when `size` is not a positive integer below 2^26.
 */
export function realFft(size: number): RealFft {
  const known = plans.get(size);
  if (known) return known;
  if (!Number.isInteger(size) || size < 1 || size >= 2 ** 26) {
    throw new RangeError(`realFft: got size ${size}, expected an integer from 1 to 2^26 − 1`);
  }
  const even = (size & (size - 1)) === 0 && size > 1 ? kernelPlan(size) : undefined;
  const plan = even ?? (size % 2 === 0 ? evenPlan(size) : oddPlan(size));
  if (size > maxKeptSize) return plan;
  if (plans.size >= maxPlans) plans.delete(plans.keys().next().value!);
  plans.set(size, plan);
  return plan;
}

/** N = 2^n: all of it is the kernel's, so that plans of several sizes are as quick as one: closures that differ by their context only are not compiled each. */
function kernelPlan(size: number): RealFft {
  const kernel = fftKernel(size / 2);
  const { signal: input, spectrumRe, spectrumIm } = kernel;
  const bins = size / 2 + 1;
  return {
    size,
    bins,
    input,
    forwardInto(signal, re, im) {
      copy(signal, input, size);
      kernel.forward();
      re.set(spectrumRe);
      im.set(spectrumIm);
    },
    powerInto(signal, power, at = 0) {
      copy(signal, input, size);
      power.set(power instanceof Float32Array ? kernel.power32() : kernel.power(), at);
    },
    windowed(window) {
      kernel.weights.set(window);
      return {
        samples: kernel.samples,
        powerInto: (power, at) => power.set(kernel.weighedPower32(), at),
      };
    },
    inverseInto(re, im, signal) {
      copy(re, spectrumRe, bins);
      copy(im, spectrumIm, bins);
      kernel.inverse();
      copy(input, signal, size);
    },
  };
}

/** Copies the first `count` numbers; `set` is quick between arrays of one type only. */
function copy(from: Samples, to: Samples, count: number): void {
  if (from === to) return;
  if (from.constructor === to.constructor) to.set(from.length === count ? from : from.subarray(0, count));
  else for (let i = 0; i < count; i++) to[i] = from[i];
}

/** Other even N: one complex transform of N/2 samples (even ones real, odd ones imaginary), then untangled. */
function evenPlan(size: number): RealFft {
  const half = size / 2;
  const { re: zr, im: zi, run, runPairs, powerOfPairs } = bluesteinPlan(half);
  const cos = halfTurn(half, Math.cos);
  const sin = halfTurn(half, Math.sin);
  return {
    size,
    bins: half + 1,
    input: new Float64Array(size),
    forwardInto(signal, re, im) {
      runPairs(signal);
      untanglePairs({ re: zr, im: zi, cos, sin, spectrumRe: re, spectrumIm: im });
      spectrumEnds(zr, zi, re, im);
    },
    powerInto(signal, power, at = 0) {
      runPairs(signal);
      const squares = powerOfPairs();
      if (power instanceof Float64Array) {
        power.set(squares, at);
        return;
      }
      // `set` between types is slow, and so is a turn of a loop beside the copy of a value.
      let k = 0;
      for (; k + 3 <= half; k += 4) {
        power[at + k] = squares[k];
        power[at + k + 1] = squares[k + 1];
        power[at + k + 2] = squares[k + 2];
        power[at + k + 3] = squares[k + 3];
      }
      for (; k <= half; k++) power[at + k] = squares[k];
    },
    inverseInto(re, im, signal) {
      // The inverse is the conjugate of the forward transform of the conjugate.
      const scale = 1 / size;
      for (let k = 0; k < half; k++) {
        const m = half - k;
        const c = cos[k];
        const s = sin[k];
        const mim = m === half ? 0 : im[m];
        const kim = k === 0 ? 0 : im[k];
        const er = re[k] + re[m];
        const ei = kim - mim;
        const dr = re[k] - re[m];
        const di = kim + mim;
        const or = dr * c - di * s;
        const oi = dr * s + di * c;
        zr[k] = er - oi;
        zi[k] = -(ei + or);
      }
      run();
      for (let i = 0; i < half; i++) {
        signal[2 * i] = zr[i] * scale;
        signal[2 * i + 1] = -zi[i] * scale;
      }
    },
  };
}

/** Odd N: one complex transform of N samples. */
function oddPlan(size: number): RealFft {
  const bins = (size + 1) / 2;
  const { re: zr, im: zi, run } = bluesteinPlan(size);
  const load = (signal: Samples): void => {
    copy(signal, zr, size);
    zi.fill(0);
  };
  return {
    size,
    bins,
    input: new Float64Array(size),
    forwardInto(signal, re, im) {
      load(signal);
      run();
      copy(zr, re, bins);
      copy(zi, im, bins);
    },
    powerInto(signal, power, at = 0) {
      load(signal);
      run();
      for (let k = 0; k < bins; k++) power[at + k] = zr[k] * zr[k] + zi[k] * zi[k];
    },
    inverseInto(re, im, signal) {
      zr[0] = re[0];
      zi[0] = 0;
      for (let k = 1; k < bins; k++) {
        zr[k] = re[k];
        zi[k] = -im[k];
        zr[size - k] = re[k];
        zi[size - k] = im[k];
      }
      run();
      for (let i = 0; i < size; i++) signal[i] = zr[i] / size;
    },
  };
}

/** Any N as a convolution with a chirp: X[k] = c̄[k] Σ (x[n] c̄[n]) c[k − n], c[n] = e^(πin²/N), through a power of two. */
function bluesteinPlan(size: number): ComplexFft {
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const chirpRe = new Float64Array(size);
  const chirpIm = new Float64Array(size);
  for (let n = 0; n < size; n++) {
    const phase = (Math.PI * ((n * n) % (2 * size))) / size;
    chirpRe[n] = Math.cos(phase);
    chirpIm[n] = Math.sin(phase);
  }
  let padded = 1;
  while (padded < 2 * size - 1) padded *= 2;
  const plan = fftKernel(padded);
  const pairs = plan.signal;
  for (let n = 0; n < size; n++) {
    for (const i of n === 0 ? [0] : [n, padded - n]) {
      pairs[2 * i] = chirpRe[n];
      pairs[2 * i + 1] = chirpIm[n];
    }
  }
  plan.transform();
  const filterRe = plan.re.slice();
  const filterIm = plan.im.slice();
  const power = pairPower(size);

  function run(): void {
    for (let n = 0; n < size; n++) {
      pairs[2 * n] = re[n] * chirpRe[n] + im[n] * chirpIm[n];
      pairs[2 * n + 1] = im[n] * chirpRe[n] - re[n] * chirpIm[n];
    }
    pairs.fill(0, 2 * size);
    plan.transform();
    // Product, conjugated, so that a second forward transform is the inverse.
    for (let k = 0; k < padded; k++) {
      pairs[2 * k] = plan.re[k] * filterRe[k] - plan.im[k] * filterIm[k];
      pairs[2 * k + 1] = -(plan.re[k] * filterIm[k] + plan.im[k] * filterRe[k]);
    }
    plan.transform();
    for (let k = 0; k < size; k++) {
      const yr = plan.re[k] / padded;
      const yi = -plan.im[k] / padded;
      re[k] = yr * chirpRe[k] + yi * chirpIm[k];
      im[k] = yi * chirpRe[k] - yr * chirpIm[k];
    }
  }
  return {
    re,
    im,
    run,
    runPairs(signal) {
      for (let n = 0; n < size; n++) {
        re[n] = signal[2 * n];
        im[n] = signal[2 * n + 1];
      }
      run();
    },
    powerOfPairs: () => power(re, im),
  };
}
