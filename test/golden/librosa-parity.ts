/** How far our frame-level features are from librosa's, per feature and signal. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chroma } from "../../packages/core/src/dsp/chroma.js";
import { powerToDb } from "../../packages/core/src/dsp/decibels.js";
import { delta } from "../../packages/core/src/dsp/delta.js";
import { applyFilterBank } from "../../packages/core/src/dsp/filter-bank.js";
import { melFilterBank } from "../../packages/core/src/dsp/mel.js";
import { mfcc } from "../../packages/core/src/dsp/mfcc.js";
import { rms } from "../../packages/core/src/dsp/rms.js";
import { spectralBandwidth } from "../../packages/core/src/dsp/spectral-bandwidth.js";
import { spectralCentroid } from "../../packages/core/src/dsp/spectral-centroid.js";
import { spectralContrast } from "../../packages/core/src/dsp/spectral-contrast.js";
import { spectralFlatness } from "../../packages/core/src/dsp/spectral-flatness.js";
import { spectralFlux } from "../../packages/core/src/dsp/spectral-flux.js";
import { spectralRolloff } from "../../packages/core/src/dsp/spectral-rolloff.js";
import { magnitudes, powerSpectrogram } from "../../packages/core/src/dsp/stft.js";
import { tonnetz } from "../../packages/core/src/dsp/tonnetz.js";
import { yin } from "../../packages/core/src/dsp/yin.js";
import { zeroCrossingRate } from "../../packages/core/src/dsp/zero-crossing-rate.js";
import type { Matrix } from "../../packages/core/src/math/matrix.js";
import { root } from "../corpora.js";
import { type GoldenSignal, goldenSignal } from "./signals.js";

/** One feature of one signal: the shapes and the greatest error. */
export interface ParityRow {
  readonly signal: string;
  readonly feature: string;
  readonly shape: readonly number[];
  readonly expectedShape: readonly number[];
  /**
   * Greatest |ours − librosa's| / max(|librosa's|, 1e−3 × the feature's greatest magnitude in this signal, 0.1 dB for features in dB).
   * Without the floors one would compare rounding errors around zero.
   */
  readonly error: number;
}

interface Spectra {
  signals: {
    signal: GoldenSignal;
    frames: number[];
    features: Record<
      string,
      { shape: number[]; step: number; mean: number; std: number; greatest: number; values: number[][] }
    >;
  }[];
}
interface Tracks {
  signals: { signal: GoldenSignal; features: Record<string, number[]> }[];
}

const decibelFeatures = /^(log-mel|mfcc|delta|contrast|flux)/;
const sampleRate = 16000;
const fftSize = 512;
const hopSamples = 160;

/** Returns every librosa feature of a 16 kHz signal with the golden script's settings. */
export function librosaFeatures(samples: Float32Array): Record<string, Matrix | Float32Array> {
  const framing = { frameSamples: fftSize, hopSamples };
  const power = powerSpectrogram(samples, { fftSize, hopSamples });
  const magnitude = magnitudes(power);
  const slaney = applyFilterBank(
    power,
    melFilterBank({ sampleRate, fftSize, bands: 64, lowHz: 50, highHz: 8000 }),
  );
  const htk = melFilterBank({
    sampleRate,
    fftSize,
    bands: 40,
    lowHz: 20,
    highHz: 7600,
    scale: "htk",
    norm: "none",
  });
  const levels = powerToDb(slaney);
  const cepstrum = mfcc(levels, { coefficients: 40 });
  const pitchClasses = chroma(power, { sampleRate, fftSize });
  return {
    power,
    "mel slaney": slaney,
    "mel htk": applyFilterBank(power, htk),
    "log-mel": levels,
    mfcc: cepstrum,
    "mfcc liftered": mfcc(levels, { coefficients: 13, lifter: 22 }),
    delta: delta(cepstrum),
    "delta-delta": delta(cepstrum, { order: 2 }),
    "delta nearest": delta(cepstrum, { ends: "nearest" }),
    chroma: pitchClasses,
    tonnetz: tonnetz(pitchClasses),
    contrast: spectralContrast(magnitude, { sampleRate, octaves: 5 }),
    centroid: spectralCentroid(magnitude, { sampleRate }),
    bandwidth: spectralBandwidth(magnitude, { sampleRate }),
    "rolloff 85": spectralRolloff(magnitude, { sampleRate }),
    "rolloff 50": spectralRolloff(magnitude, { sampleRate, part: 0.5 }),
    flatness: spectralFlatness(power),
    flux: spectralFlux(levels),
    "zero-crossing rate": zeroCrossingRate(samples, framing),
    rms: rms(samples, framing),
    yin: yin(samples, { sampleRate, lowHz: 65, highHz: 600, frameSamples: 1024, hopSamples }).f0Hz,
  };
}

/** Returns the errors of every feature on every golden signal. */
export async function librosaParity(): Promise<ParityRow[]> {
  const spectra = (await golden("spectra")) as Spectra;
  const tracks = (await golden("tracks")) as Tracks;
  const rows: ParityRow[] = [];
  for (const [i, { signal, frames, features }] of spectra.signals.entries()) {
    const ours = librosaFeatures(await goldenSignal(signal));
    for (const [feature, { shape, step, mean, std, greatest, values }] of Object.entries(features)) {
      const { data, rows: count, cols } = ours[feature] as Matrix;
      const picked = values.flatMap((row, r) => row.map((_, j) => data[frames[r] * cols + j * step]));
      const floor = Math.max(1e-3 * greatest, decibelFeatures.test(feature) ? 0.1 : 1e-9);
      const error = Math.max(worst(picked, values.flat(), floor), worst(moments(data), [mean, std], floor));
      rows.push({ signal: signal.name, feature, shape: [count, cols], expectedShape: shape, error });
    }
    for (const [feature, expected] of Object.entries(tracks.signals[i].features)) {
      const actual = ours[feature] as Float32Array;
      const greatest = Math.max(...expected.map(Math.abs));
      const floor = Math.max(1e-3 * greatest, decibelFeatures.test(feature) ? 0.1 : 1e-9);
      rows.push({
        signal: signal.name,
        feature,
        shape: [actual.length],
        expectedShape: [expected.length],
        error: worst(actual, expected, floor),
      });
    }
  }
  return rows;
}

async function golden(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(root, `test/golden/librosa-${name}.json`), "utf8"));
}

function moments(data: Float32Array): [number, number] {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const square = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  return [mean, Math.sqrt(square)];
}

function worst(actual: ArrayLike<number>, expected: readonly number[], floor: number): number {
  let result = 0;
  expected.forEach((value, i) => {
    const difference = Math.abs(actual[i] - value);
    if (difference > 0) result = Math.max(result, difference / Math.max(Math.abs(value), floor));
    if (Number.isNaN(difference)) result = Number.POSITIVE_INFINITY;
  });
  return result;
}
