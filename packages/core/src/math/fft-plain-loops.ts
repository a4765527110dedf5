/** The loops of the FFT in plain code, for any power of two: the fallback and the oracle of `fft-loops.ts`, operation by operation. */
import { firstLength, type Places } from "./fft-layout.js";
import type { PlainMemory } from "./wasm/kernel.js";

type PlainLoop = (memory: PlainMemory) => void;

/** Returns the loops of a size; `weighed` changes the signal. */
export function plainFftLoops(size: number, places: Places) {
  const view = ({ f64 }: PlainMemory, at: number, length = size + 1): Float64Array =>
    f64.subarray(at, at + length);

  /** The first stage takes its input where it lies, so that no pass is needed to put it in order. */
  const first: PlainLoop = (memory) => {
    const [re, im] = [view(memory, places.re, size), view(memory, places.im, size)];
    const signal = view(memory, places.signal, 2 * size);
    const order = memory.i32.subarray(2 * places.order);
    if (size === 1) [re[0], im[0]] = signal;
    else if (firstLength(size) === 2) {
      for (let i = 0, from = 0; i < size; i += 2, from++) {
        const a = order[from] / 8;
        const b = a + size;
        re[i] = signal[a] + signal[b];
        im[i] = signal[a + 1] + signal[b + 1];
        re[i + 1] = signal[a] - signal[b];
        im[i + 1] = signal[a + 1] - signal[b + 1];
      }
    } else {
      for (let i = 0, from = 0; i < size; i += 4, from++) {
        const a = order[from] / 8;
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
  };

  const weighed: PlainLoop = (memory) => {
    const signal = view(memory, places.signal, 2 * size);
    const samples = memory.f32.subarray(2 * places.samples);
    const weights = view(memory, places.weights, 2 * size);
    for (let i = 0; i < 2 * size; i++) signal[i] = samples[i] * weights[i];
    first(memory);
  };

  const stages: PlainLoop = (memory) => {
    const [re, im] = [view(memory, places.re, size), view(memory, places.im, size)];
    const twiddles = memory.f64.subarray(places.twiddles);
    let base = 0;
    for (let m = firstLength(size); m < size; m *= 4) {
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
  };

  const power: PlainLoop = (memory) => {
    powersOfPairs({
      re: view(memory, places.re, size),
      im: view(memory, places.im, size),
      cos: view(memory, places.cos),
      sin: view(memory, places.sin),
      power: view(memory, places.power),
    });
  };

  return {
    first,
    weighed,
    stages,
    power,
    power32(memory: PlainMemory): void {
      power(memory);
      memory.f32.set(view(memory, places.power), 2 * places.power32);
    },
    untangle(memory: PlainMemory): void {
      untanglePairs({
        re: view(memory, places.re, size),
        im: view(memory, places.im, size),
        cos: view(memory, places.cos),
        sin: view(memory, places.sin),
        spectrumRe: view(memory, places.spectrumRe),
        spectrumIm: view(memory, places.spectrumIm),
      });
    },
    tangle(memory: PlainMemory): void {
      const [cos, sin] = [view(memory, places.cos), view(memory, places.sin)];
      const [spectrumRe, spectrumIm] = [view(memory, places.spectrumRe), view(memory, places.spectrumIm)];
      const signal = view(memory, places.signal, 2 * size);
      for (let k = 0, m = size; k < size; k++, m--) {
        const dr = spectrumRe[k] - spectrumRe[m];
        const di = spectrumIm[k] + spectrumIm[m];
        const or = dr * cos[k] - di * sin[k];
        const oi = dr * sin[k] + di * cos[k];
        signal[2 * k] = spectrumRe[k] + spectrumRe[m] - oi;
        signal[2 * k + 1] = spectrumIm[m] - spectrumIm[k] - or;
      }
    },
    signal(memory: PlainMemory): void {
      const [re, im] = [view(memory, places.re, size), view(memory, places.im, size)];
      const signal = view(memory, places.signal, 2 * size);
      const scale = 0.5 / size;
      for (let i = 0; i < size; i++) {
        signal[2 * i] = re[i] * scale;
        signal[2 * i + 1] = im[i] * -scale;
      }
    },
  };
}

/** Writes X[k], 0 < k < N, where `powersOfPairs` writes their powers. */
export function untanglePairs({
  re,
  im,
  cos,
  sin,
  spectrumRe,
  spectrumIm,
}: Readonly<Record<"re" | "im" | "cos" | "sin" | "spectrumRe" | "spectrumIm", Float64Array>>): void {
  for (let k = 1, m = re.length - 1; k <= m; k++, m--) {
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
}

/**
 * Writes |X[k]|², 0 < k < N, of the real signal of 2N samples x[2n], x[2n + 1] from the transform `re`, `im` of its pairs x[2n] + i x[2n + 1]; cosines and sines
 * are those of πk / N.
 */
export function powersOfPairs({
  re,
  im,
  cos,
  sin,
  power,
}: Readonly<Record<"re" | "im" | "cos" | "sin" | "power", Float64Array>>): void {
  for (let k = 1, m = re.length - 1; k <= m; k++, m--) {
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
}
