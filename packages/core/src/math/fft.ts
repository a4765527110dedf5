/** Planned fast Fourier transforms of real signals of any length. */

/** Numbers that a transform reads: float32 signals and float64 work buffers alike. */
export type Samples = Float32Array | Float64Array;

/** A planned real transform: tables and work memory are made once, so that no call allocates. Not for concurrent use. */
export interface RealFft {
  /** Length N of the signal. */
  readonly size: number;
  /** Number of spectrum bins, floor(N / 2) + 1; bin k is at k / N of the sample rate. */
  readonly bins: number;
  /** Writes X[k] = Σ x[n] e^(−2πikn/N), k = 0..bins − 1, into `re` and `im` (length ≥ bins). */
  forwardInto(signal: Samples, re: Float64Array, im: Float64Array): void;
  /** Writes the real signal of length N whose `forwardInto` is (`re`, `im`), 1/N included, into `signal`. */
  inverseInto(re: Float64Array, im: Float64Array, signal: Samples): void;
}

/** A complex transform in place of `re`, `im`, which the plan owns; `order[i]` says where input sample i goes. */
interface ComplexPlan {
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly order: Uint32Array;
  run(): void;
}

/**
 * Returns a plan for real signals of `size` samples. Float64 throughout. Powers of two run a radix-4 decimation in time
 * (Cooley & Tukey 1965) on half the length, other lengths go through Bluestein's chirp (1970).
 * @throws RangeError when `size` is not a positive integer below 2^26.
 */
export function realFft(size: number): RealFft {
  if (!Number.isInteger(size) || size < 1 || size >= 2 ** 26) {
    throw new RangeError(`realFft: got size ${size}, expected an integer from 1 to 2^26 − 1`);
  }
  return size % 2 === 0 ? evenPlan(size) : oddPlan(size);
}

/** Even N: one complex transform of N/2 samples (even ones real, odd ones imaginary), then untangled. */
function evenPlan(size: number): RealFft {
  const half = size / 2;
  const { re: zr, im: zi, order, run } = complexPlan(half);
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
      for (let i = 0; i < half; i++) {
        const at = order[i];
        zr[at] = signal[2 * i];
        zi[at] = signal[2 * i + 1];
      }
      run();
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
  const { re: zr, im: zi, order, run } = complexPlan(size);
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

function complexPlan(size: number): ComplexPlan {
  return (size & (size - 1)) === 0 ? radix4Plan(size) : bluesteinPlan(size);
}

/** Power of two: bit-reversed input, one radix-2 stage when log2 is odd, then radix-4 stages. */
function radix4Plan(size: number): ComplexPlan {
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const order = new Uint32Array(size);
  const bits = Math.log2(size);
  for (let i = 1; i < size; i++) order[i] = (order[i >> 1] >> 1) | (i & 1 ? 1 << (bits - 1) : 0);

  // w, w², w³ of every stage, in the order of use.
  const first = bits % 2 === 1 ? 2 : 1;
  const start = first === 2 ? 2 : 4;
  let length = 0;
  for (let m = start; m < size; m *= 4) length += 6 * m;
  const twiddles = new Float64Array(length);
  let at = 0;
  for (let m = start; m < size; m *= 4) {
    for (let j = 0; j < m; j++) {
      for (let p = 1; p <= 3; p++) {
        twiddles[at++] = Math.cos((2 * Math.PI * j * p) / (4 * m));
        twiddles[at++] = -Math.sin((2 * Math.PI * j * p) / (4 * m));
      }
    }
  }

  function run(): void {
    if (first === 2) {
      for (let i = 0; i < size; i += 2) {
        const r = re[i + 1];
        const s = im[i + 1];
        re[i + 1] = re[i] - r;
        im[i + 1] = im[i] - s;
        re[i] += r;
        im[i] += s;
      }
    } else {
      // The first radix-4 stage has no twiddles.
      for (let i = 0; i + 3 < size; i += 4) {
        const s02r = re[i] + re[i + 1];
        const s02i = im[i] + im[i + 1];
        const d02r = re[i] - re[i + 1];
        const d02i = im[i] - im[i + 1];
        const s13r = re[i + 2] + re[i + 3];
        const s13i = im[i + 2] + im[i + 3];
        const d13r = re[i + 2] - re[i + 3];
        const d13i = im[i + 2] - im[i + 3];
        re[i] = s02r + s13r;
        im[i] = s02i + s13i;
        re[i + 1] = d02r + d13i;
        im[i + 1] = d02i - d13r;
        re[i + 2] = s02r - s13r;
        im[i + 2] = s02i - s13i;
        re[i + 3] = d02r - d13i;
        im[i + 3] = d02i + d13r;
      }
    }
    let base = 0;
    for (let m = start; m < size; m *= 4) {
      for (let block = 0; block < size; block += 4 * m) {
        let t = base;
        for (let i0 = block, end = block + m; i0 < end; i0++, t += 6) {
          // Bit reversal leaves the quarters in the order 0, 2, 1, 3.
          const i2 = i0 + m;
          const i1 = i2 + m;
          const i3 = i1 + m;
          const w1r = twiddles[t];
          const w1i = twiddles[t + 1];
          const w2r = twiddles[t + 2];
          const w2i = twiddles[t + 3];
          const w3r = twiddles[t + 4];
          const w3i = twiddles[t + 5];
          const a0r = re[i0];
          const a0i = im[i0];
          const a1r = re[i1] * w1r - im[i1] * w1i;
          const a1i = re[i1] * w1i + im[i1] * w1r;
          const a2r = re[i2] * w2r - im[i2] * w2i;
          const a2i = re[i2] * w2i + im[i2] * w2r;
          const a3r = re[i3] * w3r - im[i3] * w3i;
          const a3i = re[i3] * w3i + im[i3] * w3r;
          const s02r = a0r + a2r;
          const s02i = a0i + a2i;
          const d02r = a0r - a2r;
          const d02i = a0i - a2i;
          const s13r = a1r + a3r;
          const s13i = a1i + a3i;
          const d13r = a1r - a3r;
          const d13i = a1i - a3i;
          re[i0] = s02r + s13r;
          im[i0] = s02i + s13i;
          re[i2] = d02r + d13i;
          im[i2] = d02i - d13r;
          re[i1] = s02r - s13r;
          im[i1] = s02i - s13i;
          re[i3] = d02r - d13i;
          im[i3] = d02i + d13r;
        }
      }
      base += 6 * m;
    }
  }
  return { re, im, order, run };
}

/** Any N as a convolution with a chirp: X[k] = c̄[k] Σ (x[n] c̄[n]) c[k − n], c[n] = e^(πin²/N), through a power of two. */
function bluesteinPlan(size: number): ComplexPlan {
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
  return { re, im, order, run };
}
