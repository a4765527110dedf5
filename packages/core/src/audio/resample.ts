/** Changes a waveform's sample rate by a polyphase Kaiser-windowed sinc filter. */
import { UndertoneError } from "../errors.js";
import { besselI0 } from "../math/bessel.js";
import { rowsAtOnce, type WeightedSums, weightedSums } from "../math/weighted-sums.js";
import type { Waveform } from "./waveform.js";

/** Stop-band attenuation that the filters are designed for, in dB. */
const attenuationDb = 112;
/** The pass band ends at this part of the lower of the two Nyquist frequencies; the stop band begins at that frequency. */
const passEdge = 0.9;
/** Above so many phases, neighbouring ones of a fixed table are interpolated (error below −125 dB). */
const maxPhases = 2048;
/** A first stage leaves at least this multiple of the final rate: a wide transition there makes both filters short. */
const intermediateRatio = 1.25;
/** Resamplers kept; a process meets few pairs of rates. */
const maxResamplers = 8;

/** One polyphase filter: output k lies at input position k × down / up. */
export interface ResamplingStage {
  readonly up: number;
  readonly down: number;
  /** Whether the table holds `maxPhases` + 1 phases to interpolate between, instead of all `up`. */
  readonly interpolated: boolean;
  /** Coefficients per phase, a multiple of four. */
  readonly taps: number;
  /** Input samples before the output's own position that the first coefficient belongs to. */
  readonly before: number;
  /** Row-major, phases × taps. */
  readonly table: Float64Array;
}

/** A whole-numbered decimation first, where the ratio allows one, then the rest. */
interface Resampler {
  readonly first: ResamplingStage | null;
  readonly last: ResamplingStage;
}

const resamplers = new Map<string, Resampler>();

/**
 * Returns the waveform at another sample rate, in Hz: `ceil(length × to / from)` samples, sample k at time k / `sampleRate`
 * (no delay). Flat within 0.0001 dB up to 0.9 of the lower Nyquist frequency, at least 110 dB down beyond it, exact for DC;
 * what lies outside the waveform counts as zero. The same rate gives the same object.
 * Polyphase form of Crochiere and Rabiner (1983), window of Kaiser (1974): β = 0.1102 (A − 8.7), N = (A − 7.95) / (2.285 Δω).
 * @throws UndertoneError `audio/bad-sample-rate` when a rate is not a positive integer.
 */
export function resample(wave: Waveform, sampleRate: number): Waveform {
  for (const rate of [wave.sampleRate, sampleRate]) {
    if (!Number.isInteger(rate) || rate <= 0 || rate > 1e7) {
      throw new UndertoneError(
        "audio/bad-sample-rate",
        `Cannot resample with a rate of ${rate} Hz, expected a positive integer.`,
      );
    }
  }
  if (wave.sampleRate === sampleRate) return wave;
  const { first, last } = cachedResampler(wave.sampleRate, sampleRate);
  const length = Math.ceil((wave.samples.length * sampleRate) / wave.sampleRate);
  if (first === null) return { samples: convolve(last, wave.samples, 0, 0, length), sampleRate };
  // The first stage runs past both ends, so that the last one sees its tails.
  const from = -last.before;
  const count = Math.ceil(wave.samples.length / first.down) + last.taps - from;
  const between = convolve(first, wave.samples, 0, from, count);
  return { samples: convolve(last, between, from, 0, length), sampleRate };
}

/**
 * Returns the one filter of a change of rate, its phases all told, for those who run it elsewhere; undefined where it takes two filters or interpolated phases.
 * @throws RangeError unless both rates are positive integers.
 */
export function resamplingStage(from: number, to: number): ResamplingStage | undefined {
  if (![from, to].every((rate) => Number.isInteger(rate) && rate > 0))
    throw new RangeError(`resamplingStage: got ${from} and ${to} Hz, expected positive integers`);
  const { first, last } = cachedResampler(from, to);
  return first === null && !last.interpolated ? last : undefined;
}

/** Returns the filters of a change of rate, designed once. */
export function cachedResampler(from: number, to: number): Resampler {
  const key = `${from}/${to}`;
  const known = resamplers.get(key);
  if (known) return known;
  const band = Math.min(1, to / from);
  const decimation = Math.max(1, Math.floor(from / (intermediateRatio * to)));
  // What folds onto the final band must be gone after the first stage; what folds above it the last stage takes away.
  const first = decimation > 1 ? designStage(1, decimation, passEdge * band, 2 / decimation - band) : null;
  const divisor = greatestCommonDivisor(from, to * decimation);
  const lastBand = band * decimation;
  const last = designStage((to * decimation) / divisor, from / divisor, passEdge * lastBand, lastBand);
  const resampler = { first, last };
  if (resamplers.size >= maxResamplers) resamplers.delete(resamplers.keys().next().value!);
  resamplers.set(key, resampler);
  return resampler;
}

/** Designs the filter whose pass band ends at `pass` and stop band begins at `stop`, as parts of the input's Nyquist frequency. */
function designStage(up: number, down: number, pass: number, stop: number): ResamplingStage {
  const cutoff = (pass + stop) / 2;
  const beta = 0.1102 * (attenuationDb - 8.7);
  const halfWidth = (attenuationDb - 7.95) / (2.285 * Math.PI * (stop - pass)) / 2;
  const before = Math.ceil(halfWidth);
  const taps = Math.ceil((2 * before + 1) / 4) * 4;
  const interpolated = up > maxPhases;
  const phases = interpolated ? maxPhases + 1 : up;
  const table = new Float64Array(phases * taps);
  const scale = 1 / besselI0(beta);
  for (let phase = 0; phase < phases; phase++) {
    const fraction = phase / (interpolated ? maxPhases : up);
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const x = tap - before - fraction;
      const edge = 1 - (x / halfWidth) ** 2;
      if (edge <= 0) continue;
      const angle = Math.PI * cutoff * x;
      const sinc = angle === 0 ? cutoff : (cutoff * Math.sin(angle)) / angle;
      const value = sinc * besselI0(beta * Math.sqrt(edge)) * scale;
      table[phase * taps + tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < taps; tap++) table[phase * taps + tap] /= sum;
  }
  return { up, down, interpolated, taps, before, table };
}

/**
 * Returns `count` outputs from number `first` on, of an input whose element 0 has the position `inputFirst` and which is 0 beyond its ends. Where phases are not
 * interpolated `first` must be one of phase 0, such as a multiple of `up`.
 */
export function convolve(
  stage: ResamplingStage,
  samples: Float32Array,
  inputFirst: number,
  first: number,
  count: number,
): Float32Array {
  const { up, down, taps, before, interpolated } = stage;
  const output = new Float32Array(Math.max(0, count));
  // Zeros on both sides, so that no inner loop needs to look at the edges.
  const origin = Math.floor((first * down) / up) - before;
  const end = Math.floor(((first + count) * down) / up) - before + taps + 1;
  const input = workMemory(Math.max(0, end - origin));
  const given = samples.subarray(Math.max(0, origin - inputFirst), Math.max(0, end - inputFirst));
  input.set(given, Math.max(0, inputFirst - origin));

  if (interpolated) fillInterpolated(output, stage, input, (((first * down) % up) + up) % up);
  else fillExact(output, stage, input);
  return output;
}

/** Samples of the work memory that is kept: enough for a window of some seconds, which is resampled over and over. */
const keptSamples = 2 ** 18;
let kept = new Float32Array(0);

/** Returns zeros, good until the next call. */
function workMemory(count: number): Float32Array {
  if (count > keptSamples) return new Float32Array(count);
  if (kept.length < count) kept = new Float32Array(count);
  return kept.subarray(0, count).fill(0);
}

/** The sums of whole turns of a filter's phases, by filter: `count` outputs from `advance` inputs on. */
interface PhaseSums {
  readonly sums: WeightedSums;
  readonly count: number;
  readonly advance: number;
}

const phaseSums = new WeakMap<ResamplingStage, PhaseSums>();
/** Fewest outputs of a row of sums; with less, to put the inputs in order takes as long as to weigh them. */
const fewestOutputs = 8;

function sumsOf(stage: ResamplingStage): PhaseSums {
  const known = phaseSums.get(stage);
  if (known) return known;
  const { up, down, taps, table } = stage;
  const turns = Math.ceil(fewestOutputs / up);
  const count = turns * up;
  const starts = Uint32Array.from({ length: count }, (_, k) => Math.floor((k * down) / up));
  const weights = new Float64Array(count * taps);
  for (let k = 0; k < count; k++) {
    const row = ((k * down) % up) * taps;
    weights.set(table.subarray(row, row + taps), k * taps);
  }
  const offsets = Uint32Array.from({ length: count + 1 }, (_, k) => k * taps);
  const sums = weightedSums({ starts, offsets, weights }, { values: starts[count - 1] + taps });
  const made = { sums, count, advance: turns * down };
  phaseSums.set(stage, made);
  return made;
}

/** Fills `output` with outputs of an input that lies so that the first output has phase 0, eight turns of the phases at a time. */
function fillExact(output: Float32Array, stage: ResamplingStage, input: Float32Array): void {
  const { sums, count, advance } = sumsOf(stage);
  const whole = Math.floor(output.length / count);
  for (let turn = 0; turn < whole; turn += rowsAtOnce)
    sums.run(input, turn * advance, Math.min(rowsAtOnce, whole - turn), output, turn * count, advance);
  const left = output.length - whole * count;
  if (left === 0) return;
  const last = new Float32Array(count);
  sums.run(input, whole * advance, 1, last, 0);
  output.set(last.subarray(0, left), whole * count);
}

function fillInterpolated(
  output: Float32Array,
  stage: ResamplingStage,
  input: Float32Array,
  firstPhase: number,
): void {
  const { up, down, taps, table } = stage;
  for (let k = 0; k < output.length; k++) {
    const place = firstPhase + k * down;
    const at = Math.floor(place / up);
    const phase = ((place - at * up) / up) * maxPhases;
    const row = Math.floor(phase);
    output[k] = blend(table, row * taps, taps, phase - row, input, at);
  }
}

/** The sum between the phase at `row` and the next one; four sums at a time, since one alone would wait for each addition. */
function blend(
  table: Float64Array,
  row: number,
  taps: number,
  weight: number,
  input: Float32Array,
  at: number,
): number {
  const next = row + taps;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let tap = 0; tap < taps; tap += 2) {
    const x = input[at + tap];
    const y = input[at + tap + 1];
    a += table[row + tap] * x;
    b += table[row + tap + 1] * y;
    c += table[next + tap] * x;
    d += table[next + tap + 1] * y;
  }
  const low = a + b;
  return low + weight * (c + d - low);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
