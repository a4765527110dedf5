/** The frame-level descriptors under `seed-v1`: active span, level, spectrum, pitch. */
import { bandBalance } from "../dsp/band-balance.js";
import { powerToDb } from "../dsp/decibels.js";
import { applyFilterBank } from "../dsp/filter-bank.js";
import { melFilterBank } from "../dsp/mel.js";
import { spectralBandwidth } from "../dsp/spectral-bandwidth.js";
import { spectralCentroid } from "../dsp/spectral-centroid.js";
import { type ContrastExtremes, contrastExtremes, contrastOf } from "../dsp/spectral-contrast.js";
import { spectralFlatness } from "../dsp/spectral-flatness.js";
import { spectralMoments } from "../dsp/spectral-moments.js";
import { spectralRolloff } from "../dsp/spectral-rolloff.js";
import { spectralSlopes } from "../dsp/spectral-slope.js";
import { magnitudes, powerSpectrogram } from "../dsp/stft.js";
import { hann } from "../dsp/window.js";
import { zeroCrossingRate } from "../dsp/zero-crossing-rate.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { levelToleranceDb } from "./feature-windows.js";
import { rowQueue } from "./row-queue.js";
import type { FrameWindow, SpeechFrames } from "./speech-frames.js";
import { seedFraming, targetDb } from "./speech-level.js";

const { sampleRate, frameSamples, hopSamples } = seedFraming;
/** Aperiodicity below which an active frame is voiced, and the fewest frames of a voiced run. */
const voicedAperiodicity = 0.25;
const shortestVoicedRun = 3;

const window = hann(frameSamples);
const slopeBandsHz = [
  [0, 500],
  [500, 1500],
  [1000, 8000],
] as const;
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

const contrasts = 6;
/** Where each kind of descriptor stands in a frame's row, and how many there are. */
const [levelsAt, spectralAt, contrastAt, tiltAt, slopesAt] = [0, 64, 71, 77, 79] as const;
const rowLength = tiltAt + tiltNames.length;
/** Samples of the raised signal this close to zero have no sign. */
const leastSample = 1e-10;
/** Power below which a mel band has no level. */
const leastPower = 1e-30;

/**
 * Returns what gives the descriptors of windows, after the active frames' level has been set to −26 dBFS unless `keepLevel`. Spectra are described once a frame, at the
 * level of the window that first had it, as long as that is close to the window's own; mel levels and energies are at its own in any case.
 * @throws UndertoneError `audio/silent`
 */
export function openSeedDescriptors(
  frames: SpeechFrames,
  { keepLevel, asker }: { readonly keepLevel: boolean; readonly asker: string },
): (window: FrameWindow) => SeedDescriptors {
  const rows = rowQueue(rowLength, (length) => new Float32Array(length));
  let rowsGainDb = 0;
  const floorDb = keepLevel ? -100 : -60;

  return (window) => {
    const activity = frames.activity(window, asker);
    const gainDb = keepLevel ? 0 : targetDb - activity.levelDb;
    const first = window.first + activity.first;
    const count = activity.last - activity.first + 1;
    if (rows.begin > first || rows.end <= first || Math.abs(gainDb - rowsGainDb) > levelToleranceDb) {
      rows.restart(first);
      rowsGainDb = gainDb;
    }
    rows.drop(first);
    const missing = { first: rows.end, count: first + count - rows.end };
    if (missing.count > 0) fillRows(rows.append(missing.count), frames, { ...missing, gainDb: rowsGainDb });
    const own = rows.view(first, first + count);
    const part = (at: number, cols: number): Matrix => columnsOf(own, { at, cols });
    const levels = part(levelsAt, melBank.filters);
    const moreDb = gainDb - rowsGainDb;
    for (let i = 0; i < levels.data.length; i++) levels.data[i] = Math.max(floorDb, levels.data[i] + moreDb);
    const active = activity.active.slice(activity.first, activity.last + 1);
    const track = frames.pitch({ first, count }, active);
    // Of frames that are active in another window only nothing is known in this one.
    const whereActive = (values: Float64Array, otherwise: number): Float64Array =>
      values.map((value, t) => (active[t] === 1 ? value : otherwise));
    const aperiodicity = whereActive(track.aperiodicity, 1);
    return {
      frames: count,
      active,
      voiced: voicedFrames(active, aperiodicity),
      energyDb: activity.energyDb.subarray(activity.first, activity.last + 1).map((value) => value + gainDb),
      levels,
      bands: meanOfNeighbours(levels, 8),
      spectral: part(spectralAt, spectralNames.length),
      contrast: part(contrastAt, contrasts),
      tilt: part(tiltAt, tiltNames.length),
      f0Semitones: whereActive(track.f0Hz, 0).map((hz) => (hz > 0 ? 12 * Math.log2(hz / 55) : 0)),
      aperiodicity,
      harmonicityDb: whereActive(track.harmonicity, 0).map((value) => {
        const bounded = Math.min(0.9999, Math.max(0.001, value));
        return 10 * Math.log10(bounded / (1 - bounded));
      }),
    };
  };
}

/** Frames that are described at a time: few enough for their spectra to stay near the processor. */
const framesAtOnce = 64;
const bins = frameSamples / 2 + 1;
/** Work memory of `fillRows`, which holds nothing from call to call: spectra made anew would keep the collector of garbage busy. */
const [powerMemory, magnitudeMemory, levelMemory] = [0, 1, 2].map(
  () => new Float32Array((framesAtOnce + 1) * bins),
);

/** Fills in the rows of frames whose power is raised by `gainDb`; mel levels without a floor. */
function fillRows(
  out: Float32Array,
  frames: SpeechFrames,
  { first, count, gainDb }: FrameWindow & { readonly gainDb: number },
): void {
  const gain = 10 ** (gainDb / 20);
  const raised = window.map((weight) => weight * gain);
  // The contrast's range is that of all frames.
  const extremes = { least: matrix(count, contrasts), greatest: matrix(count, contrasts) };
  for (let done = 0; done < count; done += framesAtOnce) {
    const many = Math.min(framesAtOnce, count - done);
    // The flux looks one frame back.
    const lead = first + done > frames.begin ? 1 : 0;
    const stretch = frames.samples({ first: first + done - lead, count: many + lead });
    const rows = out.subarray(done * rowLength, (done + many) * rowLength);
    const { least, greatest } = fillStretch(rows, stretch, { lead, gain, window: raised });
    extremes.least.data.set(least.data, done * contrasts);
    extremes.greatest.data.set(greatest.data, done * contrasts);
  }
  put(out, contrastAt, contrastOf(extremes));
}

/** Fills in the rows of the frames of a stretch, but for the `lead` first ones and for the contrast, of which it returns the extremes. */
function fillStretch(
  out: Float32Array,
  stretch: Float32Array,
  { lead, gain, window }: { readonly lead: number; readonly gain: number; readonly window: Float64Array },
): ContrastExtremes {
  const framing = { frameSamples, hopSamples, center: false };
  const allPowers = powerSpectrogram(stretch, {
    ...framing,
    fftSize: frameSamples,
    window,
    memory: powerMemory,
  });
  const allMagnitudes = magnitudes(allPowers, { memory: magnitudeMemory });
  const own = ({ rows, cols, data }: Matrix): Matrix => ({
    rows: rows - lead,
    cols,
    data: data.subarray(lead * cols),
  });
  const power = own(allPowers);
  const magnitude = own(allMagnitudes);
  const signChanges = frameSamples / (frameSamples - 1);
  const levels = applyFilterBank(power, melBank);
  put(out, levelsAt, powerToDb(levels, { floor: leastPower, rangeDb: null, memory: levels.data }));
  put(out, slopesAt, spectralSlopes(power, { sampleRate, bandsHz: slopeBandsHz, memory: levelMemory }));
  const moments = spectralMoments(magnitude);
  const tracks = [
    spectralCentroid(magnitude, { sampleRate, moments }),
    spectralBandwidth(magnitude, { sampleRate, moments }),
    spectralRolloff(magnitude, { sampleRate, part: 0.85, moments }),
    spectralRolloff(magnitude, { sampleRate, part: 0.5, moments }),
    spectralFlatness(power).map((flatness) => 10 * Math.log10(flatness)),
    normalizedFlux(allMagnitudes).subarray(lead),
    zeroCrossingRate(stretch.subarray(lead * hopSamples), {
      ...framing,
      threshold: leastSample / gain,
    }).map((rate) => rate * signChanges),
  ];
  tracks.forEach((track, j) => {
    put(out, spectralAt + j, matrix(track.length, 1, track));
  });
  const tilts = [
    bandBalance(power, { sampleRate, low: [50, 1000], high: [1000, 5000], of: "sum" }),
    bandBalance(power, { sampleRate, low: [0, 2000], high: [2000, 5000], of: "peak" }),
  ];
  tilts.forEach((track, j) => {
    put(out, tiltAt + j, matrix(track.length, 1, track));
  });
  return contrastExtremes(magnitude, { sampleRate, octaves: contrasts - 1 });
}

/** Writes the rows of a matrix into rows of `rowLength`, from column `at` on. */
function put(out: Float32Array, at: number, { rows, cols, data }: Matrix): void {
  for (let t = 0; t < rows; t++)
    for (let j = 0; j < cols; j++) out[t * rowLength + at + j] = data[t * cols + j];
}

/** Returns some columns of rows of `rowLength` as a matrix of their own. */
function columnsOf(rows: Float32Array, { at, cols }: { readonly at: number; readonly cols: number }): Matrix {
  const result = matrix(rows.length / rowLength, cols);
  for (let t = 0, to = 0; t < result.rows; t++)
    for (let j = 0; j < cols; j++) result.data[to++] = rows[t * rowLength + at + j];
  return result;
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
