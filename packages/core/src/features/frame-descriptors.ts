/** Every frame-level descriptor of a recording in one call: one transform a frame, one power spectrum, one difference function. */
import type { Waveform } from "../audio/waveform.js";
import { chroma } from "../dsp/chroma.js";
import { powerToDb } from "../dsp/decibels.js";
import { delta } from "../dsp/delta.js";
import { applyFilterBank } from "../dsp/filter-bank.js";
import { type MelOptions, melFilterBank } from "../dsp/mel.js";
import { mfcc } from "../dsp/mfcc.js";
import {
  forEachNormalizedDifference,
  type PeriodOptions,
  periodRange,
} from "../dsp/normalized-difference.js";
import { type PyinTrack, pyinTracker } from "../dsp/pyin.js";
import { rms } from "../dsp/rms.js";
import { spectralBandwidth } from "../dsp/spectral-bandwidth.js";
import { spectralCentroid } from "../dsp/spectral-centroid.js";
import { spectralContrast } from "../dsp/spectral-contrast.js";
import { spectralFlatness } from "../dsp/spectral-flatness.js";
import { spectralFlux } from "../dsp/spectral-flux.js";
import { spectralMoments } from "../dsp/spectral-moments.js";
import { spectralRolloff } from "../dsp/spectral-rolloff.js";
import { magnitudes, powerSpectrogram } from "../dsp/stft.js";
import { tonnetz } from "../dsp/tonnetz.js";
import { type YinTrack, yinTracker } from "../dsp/yin.js";
import { zeroCrossingRate } from "../dsp/zero-crossing-rate.js";
import type { Matrix } from "../math/matrix.js";
import { checkWaveform } from "./check-waveform.js";

export interface FrameDescriptorOptions {
  /** Frame and transform length in samples. Default 2048, as librosa. */
  readonly fftSize?: number | undefined;
  /** Default 512. */
  readonly hopSamples?: number | undefined;
  /** Bands, edges, scale and norm of the mel spectrum. Default 128 Slaney bands up to half the rate. */
  readonly mel?: Omit<MelOptions, "sampleRate" | "fftSize"> | undefined;
  /** Cepstral coefficients. Default 20. */
  readonly coefficients?: number | undefined;
  /** Range of F0 in Hz. Default C2 to C7 (65.4–2093), as in librosa's manual. */
  readonly lowHz?: number | undefined;
  readonly highHz?: number | undefined;
  /** Whether to seek pYIN's path, which takes as long as the rest. Default true. */
  readonly pyin?: boolean | undefined;
}

/** Frames after the first that a derivative needs. */
const fewestFrames = 8;

/** Frame t is centred on sample t × hop; matrices are frames × values. */
export interface FrameDescriptors {
  /** Frames × (fftSize / 2 + 1) powers |X|². */
  readonly power: Matrix;
  /** Frames × bands powers. */
  readonly mel: Matrix;
  /** Frames × bands levels in dB, at most 80 dB below the greatest. */
  readonly logMel: Matrix;
  /** Frames × coefficients in dB, and their first and second derivatives a frame. */
  readonly mfcc: Matrix;
  readonly mfccDelta: Matrix;
  readonly mfccDeltaDelta: Matrix;
  /** Frames × 12 pitch classes from C on, 0..1. */
  readonly chroma: Matrix;
  /** Frames × 6 coordinates of the tonal centroid, −1..1. */
  readonly tonnetz: Matrix;
  /** Frames × 7 (6 below 25.6 kHz, 5 below 12.8 kHz …) contrasts in dB. */
  readonly contrast: Matrix;
  /** Hz. */
  readonly centroid: Float32Array;
  readonly bandwidth: Float32Array;
  /** Frequency in Hz below which 85 % of the magnitude lies. */
  readonly rolloff: Float32Array;
  /** 0..1. */
  readonly flatness: Float32Array;
  /** Mean rise of the mel levels in dB. */
  readonly flux: Float32Array;
  /** Crossings a sample, 0..1. */
  readonly zeroCrossingRate: Float32Array;
  /** Root mean square, 0..1. */
  readonly rms: Float32Array;
  readonly yin: YinTrack;
  /** Absent when it is not wanted. */
  readonly pyin?: PyinTrack;
}

/**
 * Returns what librosa 0.11 gives with its defaults, `tuning=0` and tonnetz of that chroma, feature by feature; work that they have in
 * common is done once.
 * @throws UndertoneError `audio/bad-sample-rate`, `audio/empty`, `audio/too-short` (fewer frames than the 9 of a derivative) or `audio/not-finite`;
 * RangeError for options that do not fit the rate, as the single functions.
 */
export function frameDescriptors(wave: Waveform, options: FrameDescriptorOptions = {}): FrameDescriptors {
  const { samples, sampleRate } = wave;
  const { fftSize = 2048, hopSamples = 512, coefficients, lowHz = 65.40639132514966 } = options;
  const { highHz = Math.min(2093.004522404789, sampleRate / 2) } = options;
  checkWaveform(wave, { asker: "frameDescriptors", sampleRate, minSamples: fewestFrames * hopSamples });
  const framing = { frameSamples: fftSize, hopSamples };
  const power = powerSpectrogram(samples, { fftSize, hopSamples });
  const magnitude = magnitudes(power);
  const moments = spectralMoments(magnitude);
  const mel = applyFilterBank(power, melFilterBank({ ...options.mel, sampleRate, fftSize }));
  const levels = powerToDb(mel);
  const cepstrum = mfcc(levels, { coefficients });
  const pitchClasses = chroma(power, { sampleRate, fftSize });
  // librosa's six octaves above 200 Hz, or as many as begin below half the rate.
  const octaves = Math.min(6, Math.ceil(Math.log2(sampleRate / 400)));
  return {
    power,
    mel,
    logMel: levels,
    mfcc: cepstrum,
    mfccDelta: delta(cepstrum),
    mfccDeltaDelta: delta(cepstrum, { order: 2 }),
    chroma: pitchClasses,
    tonnetz: tonnetz(pitchClasses),
    contrast: spectralContrast(magnitude, { sampleRate, octaves }),
    centroid: spectralCentroid(magnitude, { sampleRate, moments }),
    bandwidth: spectralBandwidth(magnitude, { sampleRate, moments }),
    rolloff: spectralRolloff(magnitude, { sampleRate, moments }),
    flatness: spectralFlatness(power),
    flux: spectralFlux(levels),
    zeroCrossingRate: zeroCrossingRate(samples, framing),
    rms: rms(samples, framing),
    ...pitch(samples, { sampleRate, lowHz, highHz, frameSamples: fftSize, hopSamples }, options.pyin ?? true),
  };
}

function pitch(
  samples: Float32Array,
  options: PeriodOptions,
  wanted: boolean,
): { yin: YinTrack; pyin?: PyinTrack } {
  const range = periodRange(samples.length, options);
  const trough = yinTracker(range, options);
  const path = wanted ? pyinTracker(range, options) : undefined;
  forEachNormalizedDifference(samples, options, (normalized) => {
    trough.add(normalized);
    path?.add(normalized);
  });
  return { yin: trough.finish(), ...(path ? { pyin: path.finish() } : {}) };
}
