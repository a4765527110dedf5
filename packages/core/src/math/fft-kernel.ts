/** The FFT's loops of one size in a memory: what a plan of a transform stands on. */
import { bitReversal, firstLength, placesOf, twiddleTable } from "./fft-layout.js";
import { fftLoops } from "./fft-loops.js";
import { powersOfPairs } from "./fft-plain-loops.js";

/**
 * Memory and loops of the transform of `size` = 2^n complex samples, or of 2 × `size` real ones: x[2n] + i x[2n + 1] transformed, then untangled.
 */
export interface FftKernel {
  readonly name: "simd" | "plain";
  /** What `transform` leaves. */
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
  /** Writes the transform of the complex samples signal[2n] + i signal[2n + 1] to `re`, `im`. */
  transform(): void;
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

/** Returns the quickest kernel that this runtime has, with memory of its own. */
export function fftKernel(size: number, { loops = quickestLoops(size) } = {}): FftKernel {
  const places = placesOf(size);
  const twiddles = twiddleTable(size);
  const { run } = loops;
  const memory = loops.memory(8 * (places.twiddles + twiddles.length));
  const view = (at: number, length: number): Float64Array => new Float64Array(memory, 8 * at, length);
  view(places.cos, size + 1).set(halfTurn(size, Math.cos));
  view(places.sin, size + 1).set(halfTurn(size, Math.sin));
  view(places.twiddles, twiddles.length).set(twiddles);
  const first = firstLength(size);
  const order = bitReversal(size).filter((_, i) => i % first === 0);
  new Uint32Array(memory, 8 * places.order, order.length).set(order.map((i) => 16 * i));
  const re = view(places.re, size);
  const im = view(places.im, size);
  const spectrumRe = view(places.spectrumRe, size + 1);
  const spectrumIm = view(places.spectrumIm, size + 1);
  const powers = view(places.power, size + 1);
  const powers32 = new Float32Array(memory, 8 * places.power32, size + 1);
  const transform = (): void => {
    run.first();
    run.stages();
  };
  return {
    name: loops.name,
    re,
    im,
    signal: view(places.signal, 2 * size),
    spectrumRe,
    spectrumIm,
    samples: new Float32Array(memory, 8 * places.samples, 2 * size),
    weights: view(places.weights, 2 * size),
    transform,
    forward() {
      transform();
      run.untangle();
      spectrumEnds(re, im, spectrumRe, spectrumIm);
    },
    inverse() {
      spectrumIm[0] = 0;
      spectrumIm[size] = 0;
      // The inverse is the conjugate of the forward transform of the conjugate.
      run.tangle();
      transform();
      run.signal();
    },
    power() {
      transform();
      run.power();
      powerEnds(re, im, powers);
      return powers;
    },
    power32() {
      transform();
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

/** Shorter ones have no pairs of neighbours in their stages; nothing asks for longer ones. */
function quickestLoops(size: number) {
  return size < 8 || size > 2 ** 20 ? fftLoops(size).openPlain() : fftLoops(size).open();
}

/** Returns a wave of the angles πk / size, k = 0..size. */
export function halfTurn(size: number, wave: (angle: number) => number): Float64Array {
  return Float64Array.from({ length: size + 1 }, (_, k) => wave((Math.PI * k) / size));
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
    powersOfPairs({ re, im, cos, sin, power });
    return power;
  };
}

/** Writes the first and the last bin of a real signal from the transform of its pairs. */
export function spectrumEnds(
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
