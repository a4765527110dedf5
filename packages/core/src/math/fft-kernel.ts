/** The inner loops of the FFT: the WebAssembly of `fft-loops.ts` in a memory, and the same loops in plain code. */
import { type FftLoop, fftModule, firstLength, placesOf, twiddleTable } from "./fft-loops.js";

/**
 * Memory and loops of the transform of `size` = 2^n complex samples, or of 2 × `size` real ones: x[2n] + i x[2n + 1] transformed, then untangled. Both kernels do
 * the same operations in the same order, so that their values are the same to the last bit.
 */
export interface FftKernel {
  readonly name: "simd" | "plain";
  /** Complex samples, in place. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** 2 × `size` real samples. */
  readonly signal: Float64Array;
  /** X[k], k = 0..size, of the real samples. */
  readonly spectrumRe: Float64Array;
  readonly spectrumIm: Float64Array;
  /** 2 × `size` float32 samples and the weights of each, for `weighedPower32`. */
  readonly samples: Float32Array;
  readonly weights: Float64Array;
  /** Takes bit-reversed `re`, `im` after the first stage (of 2 where n is odd, else of 4) through the radix-4 stages that are left. */
  stages(): void;
  /** Writes the spectrum of `signal`, which stays. */
  forward(): void;
  /** Writes the signal of the spectrum, which stays; parts of X[0] and X[size] that are not real count as 0. */
  inverse(): void;
  /** Returns |X[k]|², k = 0..size, of `signal`; good until the next call. */
  power(): Float64Array;
  /** The same rounded to float32. */
  power32(): Float32Array;
  /** The same of the products of `samples` and `weights`; `signal` may change. */
  weighedPower32(): Float32Array;
}

/** Compiled modules by size, null where this runtime cannot have one; there are few powers of two. */
const modules = new Map<number, WebAssembly.Module | null>();

/** Returns the quickest kernel that this runtime has, with memory of its own. */
export function fftKernel(size: number): FftKernel {
  if (size < 8 || size > 2 ** 16) return plainFftKernel(size);
  let module = modules.get(size);
  if (module === undefined) {
    try {
      module = fftModule(size);
    } catch {
      // No SIMD, no WebAssembly, or a policy that forbids compiling.
      module = null;
    }
    modules.set(size, module);
  }
  return module ? simdFftKernel(size, module) : plainFftKernel(size);
}

/** Where the samples of a transform come from when it is done in place: output i of the first stage reads sample `order[i]`. */
export function bitReversal(size: number): Uint32Array {
  const order = new Uint32Array(size);
  const bits = Math.log2(size);
  for (let i = 1; i < size; i++) order[i] = (order[i >> 1] >> 1) | (i & 1 ? 1 << (bits - 1) : 0);
  return order;
}

function halfTurn(size: number, wave: (angle: number) => number): Float64Array {
  return Float64Array.from({ length: size + 1 }, (_, k) => wave((Math.PI * k) / size));
}

/** Returns the kernel without WebAssembly, for any power of two. */
export function plainFftKernel(size: number): FftKernel {
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const signal = new Float64Array(2 * size);
  const spectrumRe = new Float64Array(size + 1);
  const spectrumIm = new Float64Array(size + 1);
  const samples = new Float32Array(2 * size);
  const weights = new Float64Array(2 * size);
  const power32 = new Float32Array(size + 1);
  const power = pairPower(size);
  const twiddles = twiddleTable(size);
  const start = firstLength(size);
  const order = bitReversal(size);
  const cos = halfTurn(size, Math.cos);
  const sin = halfTurn(size, Math.sin);

  /** The first stage takes its input where it lies, so that no pass is needed to put it in order. */
  function transform(): void {
    if (size === 1) [re[0], im[0]] = [signal[0], signal[1]];
    else if (start === 2) {
      for (let i = 0; i < size; i += 2) {
        const a = 2 * order[i];
        const b = a + size;
        re[i] = signal[a] + signal[b];
        im[i] = signal[a + 1] + signal[b + 1];
        re[i + 1] = signal[a] - signal[b];
        im[i + 1] = signal[a + 1] - signal[b + 1];
      }
    } else {
      for (let i = 0; i < size; i += 4) {
        const a = 2 * order[i];
        const b = a + size / 2;
        const c = b + size / 2;
        const d = c + size / 2;
        const s02r = signal[a] + signal[c];
        const s02i = signal[a + 1] + signal[c + 1];
        const d02r = signal[a] - signal[c];
        const d02i = signal[a + 1] - signal[c + 1];
        const s13r = signal[b] + signal[d];
        const s13i = signal[b + 1] + signal[d + 1];
        const d13r = signal[b] - signal[d];
        const d13i = signal[b + 1] - signal[d + 1];
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
    stages();
  }

  function stages(): void {
    let base = 0;
    for (let m = start; m < size; m *= 4) {
      for (let block = 0; block < size; block += 4 * m) {
        let t = base;
        for (let i0 = block, end = block + m; i0 < end; i0++, t++) {
          // Bit reversal leaves the quarters in the order 0, 2, 1, 3.
          const i2 = i0 + m;
          const i1 = i2 + m;
          const i3 = i1 + m;
          const w1r = twiddles[t];
          const w1i = twiddles[t + m];
          const w2r = twiddles[t + 2 * m];
          const w2i = twiddles[t + 3 * m];
          const w3r = twiddles[t + 4 * m];
          const w3i = twiddles[t + 5 * m];
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

  return {
    name: "plain",
    re,
    im,
    signal,
    spectrumRe,
    spectrumIm,
    samples,
    weights,
    stages,
    forward() {
      transform();
      spectrumEnds(re, im, spectrumRe, spectrumIm);
      for (let k = 1, m = size - 1; k <= m; k++, m--) {
        const er = 0.5 * (re[k] + re[m]);
        const ei = 0.5 * (im[k] - im[m]);
        const or = 0.5 * (im[k] + im[m]);
        const oi = 0.5 * (re[m] - re[k]);
        const tr = or * cos[k] + oi * sin[k];
        const ti = oi * cos[k] - or * sin[k];
        spectrumRe[k] = er + tr;
        spectrumIm[k] = ei + ti;
        spectrumRe[m] = er - tr;
        spectrumIm[m] = ti - ei;
      }
    },
    inverse() {
      spectrumIm[0] = 0;
      spectrumIm[size] = 0;
      // The inverse is the conjugate of the forward transform of the conjugate.
      for (let k = 0, m = size; k < size; k++, m--) {
        const dr = spectrumRe[k] - spectrumRe[m];
        const di = spectrumIm[k] + spectrumIm[m];
        const or = dr * cos[k] - di * sin[k];
        const oi = dr * sin[k] + di * cos[k];
        signal[2 * k] = spectrumRe[k] + spectrumRe[m] - oi;
        signal[2 * k + 1] = spectrumIm[m] - spectrumIm[k] - or;
      }
      transform();
      const scale = 0.5 / size;
      for (let i = 0; i < size; i++) {
        signal[2 * i] = re[i] * scale;
        signal[2 * i + 1] = im[i] * -scale;
      }
    },
    power() {
      transform();
      return power(re, im);
    },
    power32() {
      transform();
      power32.set(power(re, im));
      return power32;
    },
    weighedPower32() {
      for (let i = 0; i < 2 * size; i++) signal[i] = samples[i] * weights[i];
      transform();
      power32.set(power(re, im));
      return power32;
    },
  };
}

/**
 * Returns what gives |X[k]|², k = 0..N, of the real signal of 2N samples x[2n], x[2n + 1] from the transform `re`, `im` of its pairs x[2n] + i x[2n + 1]; good
 * until the next call.
 */
export function pairPower(size: number): (re: Float64Array, im: Float64Array) => Float64Array {
  const power = new Float64Array(size + 1);
  const cos = halfTurn(size, Math.cos);
  const sin = halfTurn(size, Math.sin);
  return (re, im) => {
    powerEnds(re, im, power);
    for (let k = 1, m = size - 1; k <= m; k++, m--) {
      const er = 0.5 * (re[k] + re[m]);
      const ei = 0.5 * (im[k] - im[m]);
      const or = 0.5 * (im[k] + im[m]);
      const oi = 0.5 * (re[m] - re[k]);
      const tr = or * cos[k] + oi * sin[k];
      const ti = oi * cos[k] - or * sin[k];
      const kr = er + tr;
      const ki = ei + ti;
      const mr = er - tr;
      const mi = ti - ei;
      power[k] = kr * kr + ki * ki;
      power[m] = mr * mr + mi * mi;
    }
    return power;
  };
}

function spectrumEnds(
  re: Float64Array,
  im: Float64Array,
  spectrumRe: Float64Array,
  spectrumIm: Float64Array,
): void {
  const half = re.length;
  spectrumRe[0] = re[0] + im[0];
  spectrumIm[0] = 0;
  spectrumRe[half] = re[0] - im[0];
  spectrumIm[half] = 0;
}

function powerEnds(re: Float64Array, im: Float64Array, power: Float64Array | Float32Array): void {
  const first = re[0] + im[0];
  const last = re[0] - im[0];
  power[0] = first * first;
  power[power.length - 1] = last * last;
}

/** Returns a kernel that runs a size's module in a new memory. */
export function simdFftKernel(size: number, module: WebAssembly.Module): FftKernel {
  const places = placesOf(size);
  const twiddles = twiddleTable(size);
  const { memory, ...run } = new WebAssembly.Instance(module).exports as {
    memory: WebAssembly.Memory;
  } & Record<FftLoop, () => void>;
  const view = (at: number, length: number): Float64Array => new Float64Array(memory.buffer, 8 * at, length);
  view(places.cos, size + 1).set(halfTurn(size, Math.cos));
  view(places.sin, size + 1).set(halfTurn(size, Math.sin));
  view(places.twiddles, twiddles.length).set(twiddles);
  // Addresses of the first of each two or four that the first stage joins.
  const first = firstLength(size);
  const order = bitReversal(size).filter((_, i) => i % first === 0);
  new Uint32Array(memory.buffer, 8 * places.order, order.length).set(order.map((i) => 16 * i));
  const re = view(places.re, size);
  const im = view(places.im, size);
  const spectrumRe = view(places.spectrumRe, size + 1);
  const spectrumIm = view(places.spectrumIm, size + 1);
  const powers = view(places.power, size + 1);
  const powers32 = new Float32Array(memory.buffer, 8 * places.power32, size + 1);
  return {
    name: "simd",
    re,
    im,
    signal: view(places.signal, 2 * size),
    spectrumRe,
    spectrumIm,
    samples: new Float32Array(memory.buffer, 8 * places.samples, 2 * size),
    weights: view(places.weights, 2 * size),
    stages: run.stages,
    forward() {
      run.first();
      run.stages();
      run.untangle();
      spectrumEnds(re, im, spectrumRe, spectrumIm);
    },
    inverse() {
      spectrumIm[0] = 0;
      spectrumIm[size] = 0;
      run.tangle();
      run.first();
      run.stages();
      run.signal();
    },
    power() {
      run.first();
      run.stages();
      run.power();
      powerEnds(re, im, powers);
      return powers;
    },
    power32() {
      run.first();
      run.stages();
      run.power32();
      powerEnds(re, im, powers32);
      return powers32;
    },
    weighedPower32() {
      run.weighed();
      run.stages();
      run.power32();
      powerEnds(re, im, powers32);
      return powers32;
    },
  };
}
