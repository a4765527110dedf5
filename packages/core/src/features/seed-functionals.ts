/** The functionals of `seed-v1`: named statistics of the frame-level descriptors of one clip. */
import { delta } from "../dsp/delta.js";
import { realFft } from "../math/fft.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { centred, interpolate, mean, percentiles, slope, standardDeviation } from "../math/statistics.js";
import { type SeedDescriptors, spectralNames, tiltNames } from "./seed-descriptors.js";
import { seedFraming } from "./speech-level.js";

/** Statistics with their names, in the order of the feature vector. */
export interface NamedValues {
  readonly names: string[];
  readonly values: number[];
}

const framesPerSecond = seedFraming.sampleRate / seedFraming.hopSamples;
const modulationSize = 512;
const modulationBandsHz = [
  [0.5, 2],
  [2, 4],
  [4, 8],
  [8, 16],
  [16, 32],
] as const;
const autocorrelationLags = [3, 6, 12, 24] as const;
const shortestPauseSeconds = 0.05;

/** Returns the 416 values of `seed-v1`, NaN (a statistic without data) as 0. */
export function seedFunctionals(descriptors: SeedDescriptors): NamedValues {
  const names: string[] = [];
  const values: number[] = [];
  const add = (name: string, value: number): void => {
    names.push(name);
    values.push(Number.isNaN(value) ? 0 : value);
  };
  for (const family of [
    timbre,
    modulation,
    bandCorrelations,
    spectrum,
    voice,
    energy,
    pitch,
    contourCorrelations,
    tempo,
  ]) {
    family(descriptors, add);
  }
  return { names, values };
}

type Family = (descriptors: SeedDescriptors, add: (name: string, value: number) => void) => void;

/** Mean and slope over time of the mel levels. */
const timbre: Family = ({ levels, active }, add) => {
  const bands = masked(levels, active);
  const count = bands[0].length;
  const time = Float64Array.from({ length: count }, (_, i) => (count > 1 ? -1 + (2 * i) / (count - 1) : 0));
  bands.forEach((band, b) => {
    add(`mel${b + 1}.mean`, mean(band));
  });
  bands.forEach((band, b) => {
    add(`mel${b + 1}.slope`, slope(band, time));
  });
};

/** How strongly and how regularly the level of eight bands moves, pauses included. */
const modulation: Family = ({ bands, frames }, add) => {
  const tracks = Array.from({ length: bands.cols }, (_, b) => centred(column(bands, b)));
  const plan = realFft(modulationSize);
  const { input } = plan;
  const window = Float64Array.from(
    { length: Math.min(frames, modulationSize) },
    (_, t) => 0.5 - 0.5 * Math.cos((2 * Math.PI * t) / Math.max(1, frames - 1)),
  );
  const spectra = tracks.map((track) => {
    input.fill(0);
    for (let t = 0; t < window.length; t++) input[t] = track[t] * window[t];
    const power = new Float64Array(plan.bins);
    plan.powerInto(input, power);
    for (let k = 0; k < power.length; k++) power[k] /= frames;
    return power;
  });
  for (const [low, high] of modulationBandsHz) {
    const from = Math.ceil((low * modulationSize) / framesPerSecond);
    const to = Math.ceil((high * modulationSize) / framesPerSecond);
    spectra.forEach((spectrum, b) => {
      add(
        `band${b + 1}.modulation${low}-${high}hz`,
        10 * Math.log10(mean(spectrum.subarray(from, to)) + 1e-3),
      );
    });
  }
  for (const lag of autocorrelationLags) {
    tracks.forEach((track, b) => {
      let square = 0;
      let product = 0;
      for (let t = 0; t < frames; t++) square += track[t] * track[t];
      for (let t = lag; t < frames; t++) product += track[t] * track[t - lag];
      add(
        `band${b + 1}.autocorrelation${(1000 * lag) / framesPerSecond}ms`,
        product / Math.max(square, 1e-6),
      );
    });
  }
};

const bandCorrelations: Family = ({ bands, active, voiced }, add) => {
  const names = Array.from({ length: bands.cols }, (_, b) => `band${b + 1}`);
  correlations(names, masked(bands, active), (pair, value) => add(`${pair}.correlation`, value));
  correlations(names, masked(bands, voiced), (pair, value) => add(`${pair}.voiced.correlation`, value));
  const change = masked(delta(bands, { ends: "nearest" }), active);
  correlations(names, change, (pair, value) => add(`${pair}.delta.correlation`, value));
};

const spectrum: Family = ({ spectral, contrast, tilt, active }, add) => {
  const contrastNames = Array.from({ length: contrast.cols }, (_, i) => `contrast${i + 1}`);
  const tracks = masked(spectral, active);
  const changes = masked(delta(spectral, { ends: "nearest" }), active);
  addEach(spectralNames, tracks, "mean", mean, add);
  addEach(spectralNames, tracks, "std", standardDeviation, add);
  addEach(spectralNames, changes, "delta.std", standardDeviation, add);
  for (const [names, m] of [
    [contrastNames, contrast],
    [tiltNames, tilt],
  ] as const) {
    const own = masked(m, active);
    addEach(names, own, "mean", mean, add);
    addEach(names, own, "std", standardDeviation, add);
  }
};

const voice: Family = ({ harmonicityDb, aperiodicity, active }, add) => {
  const harmonic = where(harmonicityDb, active);
  add("harmonicity.mean", mean(harmonic));
  add("harmonicity.std", standardDeviation(harmonic));
  const rough = where(aperiodicity, active);
  add("aperiodicity.mean", mean(rough));
  add("aperiodicity.std", standardDeviation(rough));
  const [p10, p50, p90] = percentiles(rough, [10, 50, 90]);
  add("aperiodicity.p10", p10!);
  add("aperiodicity.p50", p50!);
  add("aperiodicity.p90", p90!);
};

const energy: Family = ({ energyDb, active, frames }, add) => {
  const loud = where(energyDb, active);
  add("energy.std", standardDeviation(loud));
  const [p5, p20, p50, p80, p95] = percentiles(loud, [5, 20, 50, 80, 95]) as [
    number,
    number,
    number,
    number,
    number,
  ];
  add("energy.p95-p5", p95 - p5);
  add("energy.p95-p20", p95 - p20);
  add("energy.p95-p50", p95 - p50);
  add("energy.p95-p80", p95 - p80);
  for (const range of [10, 20])
    add(`energy.within${range}db`, mean(loud.map((value) => (value > p95 - range ? 1 : 0))));
  let peak = 0;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < frames; t++) {
    let sum = 0;
    for (let k = -2; k <= 2; k++) sum += energyDb[Math.min(frames - 1, Math.max(0, t + k))];
    if (sum > greatest) {
      greatest = sum;
      peak = t;
    }
  }
  add("energy.peakPosition", peak / frames);
};

const pitch: Family = ({ f0Semitones, voiced, frames }, add) => {
  const f0 = where(f0Semitones, voiced);
  const [p10, p25, p50, p75, p90] = percentiles(f0, [10, 25, 50, 75, 90]) as [
    number,
    number,
    number,
    number,
    number,
  ];
  add("f0.voiced.mean", mean(f0));
  add("f0.voiced.p10", p10);
  add("f0.voiced.p50", p50);
  add("f0.voiced.p90", p90);
  add("f0.voiced.std", standardDeviation(f0));
  add("f0.voiced.p90-p10", p90 - p10);
  add("f0.voiced.p75-p25", p75 - p25);

  const steps: number[] = [];
  for (let t = 1; t < frames; t++) {
    if (voiced[t] === 1 && voiced[t - 1] === 1) steps.push(f0Semitones[t] - f0Semitones[t - 1]);
  }
  if (steps.length === 0) steps.push(0);
  const [step10, step90] = percentiles(steps, [10, 90]);
  add("f0.step.absoluteMean", mean(steps.map(Math.abs)));
  add("f0.step.mean", mean(steps));
  add("f0.step.std", standardDeviation(steps));
  add("f0.step.rising", mean(steps.map((step) => (step > 0 ? 1 : 0))));
  add("f0.step.p10", step10!);
  add("f0.step.p90", step90!);

  const times: number[] = [];
  for (let t = 0; t < frames; t++) if (voiced[t] === 1) times.push(t);
  add("f0.slope", slope(f0, times) * (times.at(-1)! - times[0]));

  // The contour's shape: interpolated over pauses, at 30 points, as cosines 1 to 6.
  const points = 30;
  // Of the contour at whole frames only what lies around a point is needed.
  const contour = Array.from({ length: points }, (_, i) => {
    const at = (i * (frames - 1)) / (points - 1);
    const low = Math.floor(at);
    const value = interpolate(low, times, f0);
    return value + (at - low) * (interpolate(Math.min(frames - 1, low + 1), times, f0) - value);
  });
  for (let n = 1; n <= 6; n++) {
    let sum = 0;
    for (let i = 0; i < points; i++) sum += contour[i] * Math.cos((Math.PI * n * (2 * i + 1)) / (2 * points));
    add(`f0.shape${n}`, Math.sqrt(2 / points) * sum);
  }
};

const contourCorrelations: Family = (
  { f0Semitones, energyDb, spectral, tilt, harmonicityDb, voiced },
  add,
) => {
  const contours: [string, Float64Array][] = [
    ["f0", f0Semitones],
    ["energy", energyDb],
    ["centroid", column(spectral, 0)],
    ["bandwidth", column(spectral, 1)],
    ["flatness", column(spectral, 4)],
    ["flux", column(spectral, 5)],
    ["alphaRatio", column(tilt, 0)],
    ["slope0-500", column(tilt, 2)],
    ["slope500-1500", column(tilt, 3)],
    ["harmonicity", harmonicityDb],
  ];
  const names = contours.map(([name]) => name);
  const tracks = contours.map(([, track]) => where(track, voiced));
  correlations(names, tracks, (pair, value) => add(`${pair}.voiced.correlation`, value));
};

const tempo: Family = ({ voiced, active, frames }, add) => {
  const seconds = frames / framesPerSecond;
  const voicedRuns = runSeconds(voiced, 1);
  const pauses = runSeconds(active, 0).filter((length) => length >= shortestPauseSeconds);
  add("voiced.share", mean(voiced));
  add("active.share", mean(active));
  add("voiced.runsPerSecond", voicedRuns.length / seconds);
  add("voiced.runSeconds.mean", mean(voicedRuns));
  add("voiced.runSeconds.std", standardDeviation(voicedRuns));
  add("voiced.runSeconds.max", Math.max(...voicedRuns));
  add("pause.perSecond", pauses.length / seconds);
  add("pause.share", pauses.reduce((sum, length) => sum + length, 0) / seconds);
  add("pause.longestSeconds", pauses.length > 0 ? Math.max(...pauses) : 0);
};

function addEach(
  names: readonly string[],
  tracks: readonly Float64Array[],
  statistic: string,
  compute: (track: Float64Array) => number,
  add: (name: string, value: number) => void,
): void {
  names.forEach((name, j) => {
    add(`${name}.${statistic}`, compute(tracks[j]));
  });
}

/** Hands over the Pearson correlation of every pair i < j; 0 where a track does not vary. */
function correlations(
  names: readonly string[],
  tracks: readonly Float64Array[],
  visit: (pair: string, value: number) => void,
): void {
  const deviations = tracks.map(standardDeviation);
  const changes = tracks.map(centred);
  const count = tracks[0].length;
  for (let i = 0; i < tracks.length; i++) {
    for (let j = i + 1; j < tracks.length; j++) {
      let sum = 0;
      const [a, b] = [changes[i], changes[j]];
      for (let t = 0; t < count; t++) sum += a[t] * b[t];
      const flat = deviations[i] < 1e-6 || deviations[j] < 1e-6;
      visit(
        `${names[i]}.${names[j]}`,
        flat ? 0 : sum / count / Math.max(deviations[i] * deviations[j], 1e-9),
      );
    }
  }
}

/** Lengths in seconds of the runs of `value`. */
function runSeconds(mask: Uint8Array, value: 0 | 1): number[] {
  const lengths: number[] = [];
  let start = 0;
  for (let t = 0; t <= mask.length; t++) {
    if (mask[t] === value) continue;
    if (t > start) lengths.push((t - start) / framesPerSecond);
    start = t + 1;
  }
  return lengths;
}

function where(track: Float64Array, mask: Uint8Array): Float64Array {
  const result = new Float64Array(track.length);
  let count = 0;
  for (let t = 0; t < track.length; t++) if (mask[t] === 1) result[count++] = track[t];
  return result.subarray(0, count);
}

function column({ rows, cols, data }: Matrix, j: number): Float64Array {
  const result = new Float64Array(rows);
  for (let t = 0; t < rows; t++) result[t] = data[t * cols + j];
  return result;
}

/** The columns of a matrix, each as the values of the masked rows. */
function masked({ rows, cols, data }: Matrix, mask: Uint8Array): Float64Array[] {
  let count = 0;
  for (let t = 0; t < rows; t++) count += mask[t];
  const all = new Float64Array(cols * count);
  for (let t = 0, i = 0; t < rows; t++) {
    if (mask[t] === 0) continue;
    for (let j = 0; j < cols; j++) all[j * count + i] = data[t * cols + j];
    i++;
  }
  return Array.from({ length: cols }, (_, j) => all.subarray(j * count, (j + 1) * count));
}

/** Returns the names in their order, from descriptors of one silent frame. */
export function seedFunctionalNames(): readonly string[] {
  const one = (): Float64Array => new Float64Array(1);
  return seedFunctionals({
    frames: 1,
    active: Uint8Array.of(1),
    voiced: Uint8Array.of(1),
    energyDb: one(),
    levels: matrix(1, 64),
    bands: matrix(1, 8),
    spectral: matrix(1, spectralNames.length),
    contrast: matrix(1, 6),
    tilt: matrix(1, tiltNames.length),
    f0Semitones: one(),
    aperiodicity: one(),
    harmonicityDb: one(),
  }).names;
}
