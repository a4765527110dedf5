/** Finds one recording under two names though the samples differ: another level, rate, format, or a shift in time. */
import { type RealFft, realFft } from "../../math/fft.js";

const frameSeconds = 0.02;
const frames = 512;
const bandEdgesHz = [500, 1500];
const firstBin = 1;
const binsPerBand = 64;

let envelopeFft: RealFft | undefined;

/**
 * Returns 192 numbers that stay nearly the same when a recording is made louder, resampled, encoded or shifted: the magnitudes of the
 * modulation spectrum (0.1–6.3 Hz) of its amplitude envelope in three bands (below 500 Hz, to 1500 Hz, above), of the first 10 s.
 * Each band has length 1; zeros for silence.
 */
export function recordingFingerprint(samples: Float32Array, sampleRate: number): Float32Array {
  const envelopes = bandEnvelopes(samples, sampleRate);
  envelopeFft ??= realFft(frames);
  const re = new Float64Array(envelopeFft.bins);
  const im = new Float64Array(envelopeFft.bins);
  const result = new Float32Array(envelopes.length * binsPerBand);
  envelopes.forEach((envelope, band) => {
    envelopeFft!.forwardInto(envelope, re, im);
    const part = result.subarray(band * binsPerBand, (band + 1) * binsPerBand);
    for (let k = 0; k < binsPerBand; k++) part[k] = Math.hypot(re[k + firstBin], im[k + firstBin]);
    const norm = Math.sqrt(part.reduce((sum, value) => sum + value * value, 0));
    if (norm > 0) for (let k = 0; k < binsPerBand; k++) part[k] /= norm;
  });
  return result;
}

/** Returns the root-mean-square envelope of each band, one value each 20 ms. One-pole filters are enough to tell bands apart. */
function bandEnvelopes(samples: Float32Array, sampleRate: number): Float64Array[] {
  const envelopes = Array.from({ length: bandEdgesHz.length + 1 }, () => new Float64Array(frames));
  const [lowStep, middleStep] = bandEdgesHz.map((hz) => 1 - Math.exp((-2 * Math.PI * hz) / sampleRate)) as [
    number,
    number,
  ];
  // Above 4 kHz copies at different rates differ most.
  const topStep = 1 - Math.exp((-2 * Math.PI * Math.min(4000, sampleRate / 4)) / sampleRate);
  const hop = frameSeconds * sampleRate;
  let low = 0;
  let middle = 0;
  let top = 0;
  for (let f = 0; f < frames; f++) {
    const from = Math.round(f * hop);
    const to = Math.min(Math.round((f + 1) * hop), samples.length);
    if (from >= to) break;
    let [a, b, c] = [0, 0, 0];
    for (let i = from; i < to; i++) {
      top += topStep * (samples[i] - top);
      middle += middleStep * (top - middle);
      low += lowStep * (middle - low);
      a += low * low;
      b += (middle - low) ** 2;
      c += (top - middle) ** 2;
    }
    envelopes[0][f] = Math.sqrt(a / (to - from));
    envelopes[1][f] = Math.sqrt(b / (to - from));
    envelopes[2][f] = Math.sqrt(c / (to - from));
  }
  return envelopes;
}

/**
 * Returns the pairs of fingerprints (by index, `a` < `b`) whose cosine is at least `least`, most alike first. Such pairs are candidates:
 * `alignRecordings` decides.
 */
export function similarFingerprints(
  fingerprints: readonly Float32Array[],
  least: number,
): { a: number; b: number; cosine: number }[] {
  const width = fingerprints[0]?.length ?? 0;
  const bands = width / binsPerBand;
  const all = new Float32Array(fingerprints.length * width);
  fingerprints.forEach((fingerprint, i) => {
    all.set(fingerprint, i * width);
  });
  const found: { a: number; b: number; cosine: number }[] = [];
  for (let a = 0; a < fingerprints.length; a++) {
    for (let b = a + 1; b < fingerprints.length; b++) {
      let dot = 0;
      // Most pairs are ruled out by the lowest band alone.
      for (let k = 0; k < binsPerBand; k++) dot += all[a * width + k] * all[b * width + k];
      if (dot < 1 - (1 - least) * bands) continue;
      for (let k = binsPerBand; k < width; k++) dot += all[a * width + k] * all[b * width + k];
      if (dot / bands >= least) found.push({ a, b, cosine: dot / bands });
    }
  }
  return found.sort((x, y) => y.cosine - x.cosine);
}

/** How well two recordings lie on each other. */
export interface Alignment {
  /** Largest normalized cross-correlation over all shifts, in 0..1 (a turned sign counts as well): 1 for one recording, below about 0.6 for two takes. */
  readonly correlation: number;
  /** By how many samples the second starts later in the first. */
  readonly lagSamples: number;
}

/** Returns the best alignment of two recordings at one sample rate. */
export function alignRecordings(a: Float32Array, b: Float32Array): Alignment {
  let size = 1;
  while (size < a.length + b.length) size *= 2;
  const fft = realFft(size);
  const spectrum = (samples: Float32Array): readonly [Float64Array, Float64Array] => {
    const padded = new Float64Array(size);
    padded.set(samples);
    const re = new Float64Array(fft.bins);
    const im = new Float64Array(fft.bins);
    fft.forwardInto(padded, re, im);
    return [re, im];
  };
  const [aRe, aIm] = spectrum(a);
  const [bRe, bIm] = spectrum(b);
  for (let k = 0; k < fft.bins; k++) {
    const re = aRe[k] * bRe[k] + aIm[k] * bIm[k];
    aIm[k] = aIm[k] * bRe[k] - aRe[k] * bIm[k];
    aRe[k] = re;
  }
  const correlation = new Float64Array(size);
  fft.inverseInto(aRe, aIm, correlation);
  let best = 0;
  for (let i = 1; i < size; i++) if (Math.abs(correlation[i]) > Math.abs(correlation[best])) best = i;
  const norm = Math.sqrt(energy(a) * energy(b));
  return {
    correlation: norm > 0 ? Math.min(1, Math.abs(correlation[best]) / norm) : 0,
    lagSamples: best <= a.length ? best : best - size,
  };
}

function energy(samples: Float32Array): number {
  let sum = 0;
  for (const value of samples) sum += value * value;
  return sum;
}
