/** Whether there is speech: an energy gate, then voicing whose pitch and spectrum move as a voice's do. */
import type { Waveform } from "../audio/waveform.js";
import { applyFilterBank } from "../dsp/filter-bank.js";
import { melFilterBank } from "../dsp/mel.js";
import { powerSpectrogram } from "../dsp/stft.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { standardDeviation } from "../math/statistics.js";
import { checkWaveform } from "./check-waveform.js";
import { type RowQueue, rowQueue } from "./row-queue.js";
import { type FrameWindow, type SpeechFrames, speechFrames } from "./speech-frames.js";
import { seedFraming } from "./speech-level.js";

/**
 * `speech`, or the first test that failed: `too-short` (under one frame), `silence` (nothing above the floor), `unvoiced` (too little
 * periodic sound: noise, clicks, rain), `steady` (a hum, a tone, an engine: pitch or spectrum does not move), `thin` (whistles, sweeps,
 * beeps: a spectrum of few bands or without the low bands of a voice).
 */
export type SpeechVerdict = "speech" | "too-short" | "silence" | "unvoiced" | "steady" | "thin";

/** What was measured, and whether it is speech. */
export interface SpeechActivity {
  readonly speech: boolean;
  readonly verdict: SpeechVerdict;
  /** Time within 30 dB of the loudest tenth of a second and above −75 dBFS. */
  readonly activeSeconds: number;
  /** Active time in runs of at least 50 ms whose F0 is found (65–615 Hz) and moves by less than 1.5 semitones a frame. */
  readonly voicedSeconds: number;
  /** Level of the loudest tenth of a second in dB of full scale (a full-scale sine has −3), offset removed; −200 for digital silence. */
  readonly levelDbfs: number;
  /** How much the level of 20 mel bands varies over the voiced time: mean standard deviation in dB. Speech has about 10, an engine 2. */
  readonly spectralMovementDb: number;
  /** How much F0 varies inside a voiced run: mean standard deviation in semitones. Speech has about 0.5, a tone 0. */
  readonly pitchMovementSemitones: number;
  /** Share of the voiced power below about 1.3 kHz, 0..1. */
  readonly lowShare: number;
  /** Mel bands of 20 within 40 dB of the strongest one, mean over the voiced frames. */
  readonly broadBands: number;
}

const { sampleRate, frameSamples, hopSamples } = seedFraming;
const framesPerSecond = sampleRate / hopSamples;
const loudestFrames = 10;
const floorDbfs = -75;
const activeRangeDb = 30;
const voicedAperiodicity = 0.3;
const greatestStepSemitones = 1.5;
const shortestRun = 5;
const lowBands = 8;

/** What speech has at least; set where RAVDESS, TESS and the noise recordings of ESC-10 part (see the corpus test). */
const least = {
  voicedSeconds: 0.08,
  spectralMovementDb: 4,
  pitchMovementSemitones: 0.03,
  lowShare: 0.5,
  broadBands: 6,
} as const;

const melBank = melFilterBank({ sampleRate, fftSize: frameSamples, bands: 20, lowHz: 80, highHz: 6000 });

/**
 * Returns how much of a 16 kHz waveform is active and voiced and whether it is speech. Meant for windows of about 1 to 10 s. Whispering
 * counts as `unvoiced`; singing, crying, barking and much music count as speech: it is a gate against noise, not a voice detector.
 * @throws UndertoneError `audio/bad-sample-rate`, `audio/empty` or `audio/not-finite`; a short or silent wave is an answer, not an error.
 */
export function speechActivity(wave: Waveform): SpeechActivity {
  checkWaveform(wave, { asker: "speech activity", sampleRate, minSamples: 1 });
  const frames = speechFrames(wave.samples);
  return openSpeechGate(frames)({ first: 0, count: frames.end });
}

/** Returns what says of windows of frames what `speechActivity` says of a waveform; bands are computed once a frame. */
export function openSpeechGate(frames: SpeechFrames): (window: FrameWindow) => SpeechActivity {
  const bands = rowQueue(melBank.filters, (length) => new Float32Array(length));
  return (window) => {
    const { first, count } = window;
    if (count < 1) return nothing("too-short", -200);
    const levels = frames.powers(window).variance.map((value) => 10 * Math.log10(Math.max(1e-20, value)));
    const levelDbfs = levels.slice().sort()[count - Math.min(loudestFrames, Math.ceil(count / 10))];
    if (levelDbfs < floorDbfs) return nothing("silence", levelDbfs);

    const threshold = Math.max(floorDbfs, levelDbfs - activeRangeDb);
    const active = Uint8Array.from(levels, (level) => (level > threshold ? 1 : 0));
    const track = frames.pitch(window, active);
    const aperiodicity = track.aperiodicity.map((value, t) => (active[t] === 1 ? value : 1));
    const semitones = track.f0Hz.map((hz, t) => (active[t] === 1 && hz > 0 ? 12 * Math.log2(hz) : 0));
    const runs = voicedRuns(semitones, aperiodicity);
    bands.drop(first);
    if (runs.length > 0) extendBands(bands, frames, [first + runs[0][0], first + runs.at(-1)![1]]);
    const spectrum = voicedSpectrum(runs.map(([from, to]) => bands.view(first + from, first + to)));
    const measured = {
      activeSeconds: active.reduce((sum, value) => sum + value, 0) / framesPerSecond,
      voicedSeconds: spectrum.rows / framesPerSecond,
      levelDbfs,
      spectralMovementDb: movementDb(spectrum),
      pitchMovementSemitones: pitchMovement(semitones, runs),
      ...shape(spectrum),
    };
    const verdict = judge(measured);
    return { speech: verdict === "speech", verdict, ...measured };
  };
}

/** Sees to it that there are the bands of the frames `from` to `to`. */
function extendBands(bands: RowQueue<Float32Array>, frames: SpeechFrames, [from, to]: Run): void {
  if (bands.begin > from || bands.end <= from) bands.restart(from);
  const missing = { first: bands.end, count: to - bands.end };
  if (missing.count <= 0) return;
  const powers = powerSpectrogram(frames.samples(missing), {
    fftSize: frameSamples,
    hopSamples,
    center: false,
  });
  bands.append(missing.count).set(applyFilterBank(powers, melBank).data);
}

function judge(measured: Omit<SpeechActivity, "speech" | "verdict">): SpeechVerdict {
  if (measured.voicedSeconds < least.voicedSeconds) return "unvoiced";
  if (measured.spectralMovementDb < least.spectralMovementDb) return "steady";
  if (measured.pitchMovementSemitones < least.pitchMovementSemitones) return "steady";
  if (measured.lowShare < least.lowShare || measured.broadBands < least.broadBands) return "thin";
  return "speech";
}

function nothing(verdict: SpeechVerdict, levelDbfs: number): SpeechActivity {
  return {
    speech: false,
    verdict,
    activeSeconds: 0,
    voicedSeconds: 0,
    levelDbfs,
    spectralMovementDb: 0,
    pitchMovementSemitones: 0,
    lowShare: 0,
    broadBands: 0,
  };
}

type Run = readonly [from: number, to: number];

function voicedRuns(semitones: Float64Array, aperiodicity: Float64Array): Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (let t = 0; t <= semitones.length; t++) {
    // Frames that are not active have aperiodicity 1.
    const periodic = t < semitones.length && aperiodicity[t] < voicedAperiodicity;
    if (periodic && (t === start || Math.abs(semitones[t] - semitones[t - 1]) < greatestStepSemitones))
      continue;
    if (t - start >= shortestRun) runs.push([start, t]);
    start = periodic ? t : t + 1;
  }
  return runs;
}

/** Powers of 20 mel bands, one row a voiced frame. */
function voicedSpectrum(runs: readonly Float32Array[]): Matrix {
  const rows = runs.reduce((sum, { length }) => sum + length, 0) / melBank.filters;
  const result = matrix(rows, melBank.filters);
  let at = 0;
  for (const run of runs) {
    result.data.set(run, at);
    at += run.length;
  }
  return result;
}

function movementDb({ rows, cols, data }: Matrix): number {
  if (rows === 0) return 0;
  const track = new Float64Array(rows);
  let sum = 0;
  for (let b = 0; b < cols; b++) {
    for (let t = 0; t < rows; t++) track[t] = 10 * Math.log10(data[t * cols + b] + 1e-12);
    sum += standardDeviation(track);
  }
  return sum / cols;
}

function pitchMovement(semitones: Float64Array, runs: readonly Run[]): number {
  let sum = 0;
  let count = 0;
  for (const [from, to] of runs) {
    sum += (to - from) * standardDeviation(semitones.subarray(from, to));
    count += to - from;
  }
  return count > 0 ? sum / count : 0;
}

function shape({ rows, cols, data }: Matrix): { lowShare: number; broadBands: number } {
  let lowShare = 0;
  let broadBands = 0;
  for (let t = 0; t < rows; t++) {
    const base = t * cols;
    let low = 0;
    let total = 0;
    let strongest = 0;
    let broad = 0;
    for (let b = 0; b < cols; b++) {
      total += data[base + b];
      if (b === lowBands - 1) low = total;
      strongest = Math.max(strongest, data[base + b]);
    }
    for (let b = 0; b < cols; b++) if (data[base + b] > 1e-4 * strongest) broad++;
    lowShare += low / (total + 1e-20) / rows;
    broadBands += broad / rows;
  }
  return { lowShare, broadBands };
}
