/** The frame-level descriptors under `seed-v1`: active span, level, spectrum, pitch. */
import { bandBalance } from "../dsp/band-balance.js";
import { applyFilterBank } from "../dsp/filter-bank.js";
import { melFilterBank } from "../dsp/mel.js";
import { pitchTrack } from "../dsp/pitch-track.js";
import { spectralBandwidth } from "../dsp/spectral-bandwidth.js";
import { spectralCentroid } from "../dsp/spectral-centroid.js";
import { spectralContrast } from "../dsp/spectral-contrast.js";
import { spectralFlatness } from "../dsp/spectral-flatness.js";
import { spectralRolloff } from "../dsp/spectral-rolloff.js";
import { spectralSlope } from "../dsp/spectral-slope.js";
import { magnitudes, powerSpectrogram } from "../dsp/stft.js";
import { zeroCrossingRate } from "../dsp/zero-crossing-rate.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { measureActivity, seedFraming, targetDb } from "./speech-level.js";

const { sampleRate, frameSamples, hopSamples } = seedFraming;
/** Aperiodicity below which an active frame is voiced, and the fewest frames of a voiced run. */
const voicedAperiodicity = 0.25;
const shortestVoicedRun = 3;

const melBank = melFilterBank({ sampleRate, fftSize: frameSamples, bands: 64, lowHz: 50, highHz: 8000 });

/** Columns of `spectral` and `tilt`. */
export const spectralNames = [
  "centroid",
  "bandwidth",
  "rolloff85",
  "rolloff50",
  "flatness",
  "flux",
  "zeroCrossings",
] as const;
export const tiltNames = [
  "alphaRatio",
  "hammarberg",
  "slope0-500",
  "slope500-1500",
  "slope1000-8000",
] as const;

/** Descriptors of the frames from the first active to the last active one: one row or value a frame. */
export interface SeedDescriptors {
  /** Number of frames, at least one; they are 10 ms apart. */
  readonly frames: number;
  /** 1 where the frame is within 35 dB of the loudest frames. */
  readonly active: Uint8Array;
  /** 1 where the frame is active and periodic, runs under 3 frames left out; the same as `active` when fewer than two frames would remain. */
  readonly voiced: Uint8Array;
  /** Mean square of the frame in dB of full scale. */
  readonly energyDb: Float64Array;
  /** 64 mel levels in dB. */
  readonly levels: Matrix;
  /** 8 means of 8 neighbouring mel levels in dB. */
  readonly bands: Matrix;
  /** `spectralNames`: Hz, Hz, Hz, Hz, dB, 0..√2, 0..1. */
  readonly spectral: Matrix;
  /** 6 contrasts in dB. */
  readonly contrast: Matrix;
  /** `tiltNames`: dB, dB, dB/kHz × 3. */
  readonly tilt: Matrix;
  /** F0 in semitones above 55 Hz; a number only where the frame is active. */
  readonly f0Semitones: Float64Array;
  /** 0 periodic … about 1 noise, only where the frame is active. */
  readonly aperiodicity: Float64Array;
  /** Harmonics-to-noise ratio in dB, −30..40, only where the frame is active. */
  readonly harmonicityDb: Float64Array;
}

/**
 * Returns the descriptors of 16 kHz samples (at least one frame of them), after the active frames' level has been set to −26 dBFS unless
 * `keepLevel`.
 * @throws UndertoneError `audio/silent`
 */
export function seedDescriptors(
  samples: Float32Array,
  options: { keepLevel: boolean; asker: string },
): SeedDescriptors {
  const activity = measureActivity(samples, options.asker);
  const gainDb = options.keepLevel ? 0 : targetDb - activity.levelDb;
  const gain = 10 ** (gainDb / 20);
  const scaled = new Float64Array(samples.length);
  for (let i = 0; i < samples.length; i++) scaled[i] = samples[i] * gain;
  const { first, last } = activity;
  const frames = last - first + 1;
  const span = (m: Matrix): Matrix =>
    matrix(frames, m.cols, m.data.slice(first * m.cols, (last + 1) * m.cols));

  const power = powerSpectrogram(scaled, { fftSize: frameSamples, hopSamples, center: false });
  const magnitude = magnitudes(power);
  // The contrast's range is that of the whole clip, and the first flux looks one frame back: cut after them.
  const contrast = span(spectralContrast(magnitude, { sampleRate, octaves: 5 }));
  const flux = normalizedFlux(magnitude).subarray(first);
  const spanPower = span(power);
  const spanMagnitude = span(magnitude);
  const levels = melLevels(spanPower, options.keepLevel ? 1e-10 : 1e-6);
  const framing = { frameSamples, hopSamples, center: false };
  const signChanges = frameSamples / (frameSamples - 1);
  const crossings = zeroCrossingRate(scaled, framing)
    .subarray(first, last + 1)
    .map((rate) => rate * signChanges);
  const spectral = columns([
    spectralCentroid(spanMagnitude, { sampleRate }),
    spectralBandwidth(spanMagnitude, { sampleRate }),
    spectralRolloff(spanMagnitude, { sampleRate, part: 0.85 }),
    spectralRolloff(spanMagnitude, { sampleRate, part: 0.5 }),
    spectralFlatness(spanPower).map((flatness) => 10 * Math.log10(flatness)),
    flux.subarray(0, frames),
    crossings,
  ]);
  const tilt = columns([
    bandBalance(spanPower, { sampleRate, low: [50, 1000], high: [1000, 5000], of: "sum" }),
    bandBalance(spanPower, { sampleRate, low: [0, 2000], high: [2000, 5000], of: "peak" }),
    spectralSlope(spanPower, { sampleRate, lowHz: 0, highHz: 500 }),
    spectralSlope(spanPower, { sampleRate, lowHz: 500, highHz: 1500 }),
    spectralSlope(spanPower, { sampleRate, lowHz: 1000, highHz: 8000 }),
  ]);

  const track = pitchTrack(scaled, {
    sampleRate,
    frameSamples,
    hopSamples,
    windowSamples: 512,
    minLagSamples: 26,
    maxLagSamples: 246,
    only: activity.active,
  });
  const active = activity.active.slice(first, last + 1);
  const aperiodicity = track.aperiodicity.slice(first, last + 1);
  return {
    frames,
    active,
    voiced: voicedFrames(active, aperiodicity),
    energyDb: activity.energyDb.subarray(first, last + 1).map((value) => value + gainDb),
    levels,
    bands: meanOfNeighbours(levels, 8),
    spectral,
    contrast,
    tilt,
    f0Semitones: track.f0Hz.slice(first, last + 1).map((hz) => (hz > 0 ? 12 * Math.log2(hz / 55) : 0)),
    aperiodicity,
    harmonicityDb: track.harmonicity.slice(first, last + 1).map((value) => {
      const bounded = Math.min(0.9999, Math.max(0.001, value));
      return 10 * Math.log10(bounded / (1 - bounded));
    }),
  };
}

function voicedFrames(active: Uint8Array, aperiodicity: Float64Array): Uint8Array {
  const voiced = active.map((value, t) => (value === 1 && aperiodicity[t] < voicedAperiodicity ? 1 : 0));
  let start = 0;
  let count = 0;
  for (let t = 0; t <= voiced.length; t++) {
    if (voiced[t] === 1) continue;
    if (t - start < shortestVoicedRun) voiced.fill(0, start, t);
    else count += t - start;
    start = t + 1;
  }
  return count < 2 ? active.slice() : voiced;
}

function melLevels(power: Matrix, floor: number): Matrix {
  const levels = applyFilterBank(power, melBank);
  const { data } = levels;
  for (let i = 0; i < data.length; i++) data[i] = 10 * Math.log10(Math.max(data[i], floor));
  return levels;
}

/** Euclidean distance of neighbouring magnitude spectra, each scaled to length 1; 0 for the first frame. */
function normalizedFlux({ rows, cols, data }: Matrix): Float32Array {
  const result = new Float32Array(rows);
  let previous = 0;
  for (let t = 0; t < rows; t++) {
    const base = t * cols;
    let square = 0;
    for (let i = base; i < base + cols; i++) square += data[i] * data[i];
    const scale = 1 / Math.sqrt(square + 1e-12);
    if (t > 0) {
      let sum = 0;
      for (let i = base; i < base + cols; i++) {
        const difference = data[i] * scale - data[i - cols] * previous;
        sum += difference * difference;
      }
      result[t] = Math.sqrt(sum);
    }
    previous = scale;
  }
  return result;
}

function meanOfNeighbours({ rows, cols, data }: Matrix, count: number): Matrix {
  const result = matrix(rows, cols / count);
  for (let i = 0; i < result.data.length; i++) {
    let sum = 0;
    for (let j = i * count; j < (i + 1) * count; j++) sum += data[j];
    result.data[i] = sum / count;
  }
  return result;
}

function columns(tracks: readonly Float32Array[]): Matrix {
  const result = matrix(tracks[0].length, tracks.length);
  tracks.forEach((track, j) => {
    for (let t = 0; t < result.rows; t++) result.data[t * result.cols + j] = track[t];
  });
  return result;
}
