/** Planned fast Fourier transforms of real signals of any length. */
import { fftKernel, pairPower } from "./fft-kernel.js";

/** Numbers that a transform reads: float32 signals and float64 work buffers alike. */
export type Samples = Float32Array | Float64Array;

/** A planned real transform: tables and work memory are made once, so that no call allocates. */
export interface RealFft {
  /** Length N of the signal. */
  readonly size: number;
  /** Number of spectrum bins, floor(N / 2) + 1; bin k is at k / N of the sample rate. */
  readonly bins: number;
  /** Writes X[k] = Σ x[n] e^(−2πikn/N), k = 0..bins − 1, into `re` and `im` (length ≥ bins). */
  forwardInto(signal: Samples, re: Float64Array, im: Float64Array): void;
  /** Writes |X[k]|², k = 0..bins − 1, from `at` on; the same as squaring what `forwardInto` gives, in one pass less. */
  powerInto(signal: Samples, power: Samples, at?: number): void;
  /** Writes the real signal of length N whose `forwardInto` is (`re`, `im`), 1/N included, into `signal`. */
  inverseInto(re: Float64Array, im: Float64Array, signal: Samples): void;
}

/** A planned complex transform Z[k] = Σ z[n] e^(−2πikn/N) in place of `re`, `im`, which the plan owns. Not for concurrent use. */
export interface ComplexFft {
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Input sample i goes to `re[order[i]]`, `im[order[i]]`; the output is in its natural order. */
  readonly order: Uint32Array;
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
  const plan = size % 2 === 0 ? evenPlan(size) : oddPlan(size);
  if (size > maxKeptSize) return plan;
  if (plans.size >= maxPlans) plans.delete(plans.keys().next().value!);
  plans.set(size, plan);
  return plan;
}

/** Even N: one complex transform of N/2 samples (even ones real, odd ones imaginary), then untangled. */
function evenPlan(size: number): RealFft {
  const half = size / 2;
  const { re: zr, im: zi, order, run, runPairs, powerOfPairs } = complexFft(half);
  const cos = new Float64Array(half + 1);
  const sin = new Float64Array(half + 1);
  for (let k = 0; k <= half; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / size);
    sin[k] = Math.sin((2 * Math.PI * k) / size);
  }
  return {
    size,
    bins: half + 1,
    forwardInto(signal, re, im) {
      runPairs(signal);
      re[0] = zr[0] + zi[0];
      im[0] = 0;
      re[half] = zr[0] - zi[0];
      im[half] = 0;
      for (let k = 1, m = half - 1; k <= m; k++, m--) {
        const er = 0.5 * (zr[k] + zr[m]);
        const ei = 0.5 * (zi[k] - zi[m]);
        const or = 0.5 * (zi[k] + zi[m]);
        const oi = 0.5 * (zr[m] - zr[k]);
        const c = cos[k];
        const s = sin[k];
        const tr = or * c + oi * s;
        const ti = oi * c - or * s;
        re[k] = er + tr;
        im[k] = ei + ti;
        re[m] = er - tr;
        im[m] = ti - ei;
      }
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
        const at = order[k];
        zr[at] = er - oi;
        zi[at] = -(ei + or);
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
  const { re: zr, im: zi, order, run } = complexFft(size);
  return {
    size,
    bins,
    forwardInto(signal, re, im) {
      for (let i = 0; i < size; i++) {
        zr[order[i]] = signal[i];
        zi[order[i]] = 0;
      }
      run();
      for (let k = 0; k < bins; k++) {
        re[k] = zr[k];
        im[k] = zi[k];
      }
    },
    powerInto(signal, power, at = 0) {
      for (let i = 0; i < size; i++) {
        zr[order[i]] = signal[i];
        zi[order[i]] = 0;
      }
      run();
      for (let k = 0; k < bins; k++) power[at + k] = zr[k] * zr[k] + zi[k] * zi[k];
    },
    inverseInto(re, im, signal) {
      zr[order[0]] = re[0];
      zi[order[0]] = 0;
      for (let k = 1; k < bins; k++) {
        zr[order[k]] = re[k];
        zi[order[k]] = -im[k];
        zr[order[size - k]] = re[k];
        zi[order[size - k]] = im[k];
      }
      run();
      for (let i = 0; i < size; i++) signal[i] = zr[i] / size;
    },
  };
}

/** Returns a plan for complex signals of `size` samples, a positive integer below 2^25. */
export function complexFft(size: number): ComplexFft {
  return (size & (size - 1)) === 0 ? radix4Plan(size) : bluesteinPlan(size);
}

/** Power of two: bit-reversed input, one radix-2 stage when log2 is odd, then radix-4 stages. */
function radix4Plan(size: number): ComplexFft {
  const { re, im, stages, power } = fftKernel(size);
  const order = new Uint32Array(size);
  const bits = Math.log2(size);
  for (let i = 1; i < size; i++) order[i] = (order[i >> 1] >> 1) | (i & 1 ? 1 << (bits - 1) : 0);
  const first = bits % 2 === 1 ? 2 : 1;

  function run(): void {
    if (first === 2) {
      for (let i = 0; i < size; i += 2) pairStage(i, re[i], im[i], re[i + 1], im[i + 1]);
    } else {
      for (let i = 0; i + 3 < size; i += 4)
        quarterStage(i, re[i], im[i], re[i + 1], im[i + 1], re[i + 2], im[i + 2], re[i + 3], im[i + 3]);
    }
    stages();
  }

  /** The first stage takes its input where it lies, so that no pass is needed to put it in order. */
  function runPairs(signal: Samples): void {
    if (size === 1) {
      re[0] = signal[0];
      im[0] = signal[1];
      return;
    }
    if (first === 2) {
      for (let i = 0; i < size; i += 2) {
        const a = 2 * order[i];
        const b = a + size;
        pairStage(i, signal[a], signal[a + 1], signal[b], signal[b + 1]);
      }
    } else {
      const half = size / 2;
      for (let i = 0; i < size; i += 4) {
        const a = 2 * order[i];
        const b = a + half;
        const c = b + half;
        const d = c + half;
        quarterStage(
          i,
          signal[a],
          signal[a + 1],
          signal[c],
          signal[c + 1],
          signal[b],
          signal[b + 1],
          signal[d],
          signal[d + 1],
        );
      }
    }
    stages();
  }

  function pairStage(i: number, ar: number, ai: number, br: number, bi: number): void {
    re[i] = ar + br;
    im[i] = ai + bi;
    re[i + 1] = ar - br;
    im[i + 1] = ai - bi;
  }

  /** The first radix-4 stage has no twiddles; the quarters come in the order 0, 2, 1, 3. */
  function quarterStage(
    i: number,
    ar: number,
    ai: number,
    cr: number,
    ci: number,
    br: number,
    bi: number,
    dr: number,
    di: number,
  ): void {
    const s02r = ar + cr;
    const s02i = ai + ci;
    const d02r = ar - cr;
    const d02i = ai - ci;
    const s13r = br + dr;
    const s13i = bi + di;
    const d13r = br - dr;
    const d13i = bi - di;
    re[i] = s02r + s13r;
    im[i] = s02i + s13i;
    re[i + 1] = d02r + d13i;
    im[i + 1] = d02i - d13r;
    re[i + 2] = s02r - s13r;
    im[i + 2] = s02i - s13i;
    re[i + 3] = d02r - d13i;
    im[i + 3] = d02i + d13r;
  }

  return { re, im, order, run, runPairs, powerOfPairs: power };
}

/** Any N as a convolution with a chirp: X[k] = c̄[k] Σ (x[n] c̄[n]) c[k − n], c[n] = e^(πin²/N), through a power of two. */
function bluesteinPlan(size: number): ComplexFft {
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  const chirpRe = new Float64Array(size);
  const chirpIm = new Float64Array(size);
  for (let n = 0; n < size; n++) {
    const phase = (Math.PI * ((n * n) % (2 * size))) / size;
    chirpRe[n] = Math.cos(phase);
    chirpIm[n] = Math.sin(phase);
  }
  let padded = 1;
  while (padded < 2 * size - 1) padded *= 2;
  const plan = radix4Plan(padded);
  plan.re.fill(0);
  plan.im.fill(0);
  for (let n = 0; n < size; n++) {
    for (const i of n === 0 ? [0] : [n, padded - n]) {
      plan.re[plan.order[i]] = chirpRe[n];
      plan.im[plan.order[i]] = chirpIm[n];
    }
  }
  plan.run();
  const filterRe = plan.re.slice();
  const filterIm = plan.im.slice();
  const workRe = new Float64Array(padded);
  const workIm = new Float64Array(padded);
  const power = pairPower(size);

  function run(): void {
    plan.re.fill(0);
    plan.im.fill(0);
    for (let n = 0; n < size; n++) {
      const i = plan.order[n];
      plan.re[i] = re[n] * chirpRe[n] + im[n] * chirpIm[n];
      plan.im[i] = im[n] * chirpRe[n] - re[n] * chirpIm[n];
    }
    plan.run();
    // Product, conjugated, so that a second forward transform is the inverse.
    for (let k = 0; k < padded; k++) {
      workRe[k] = plan.re[k] * filterRe[k] - plan.im[k] * filterIm[k];
      workIm[k] = -(plan.re[k] * filterIm[k] + plan.im[k] * filterRe[k]);
    }
    for (let k = 0; k < padded; k++) {
      plan.re[plan.order[k]] = workRe[k];
      plan.im[plan.order[k]] = workIm[k];
    }
    plan.run();
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
    order,
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
