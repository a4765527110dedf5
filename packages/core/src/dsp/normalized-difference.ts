/** The cumulative mean normalized difference of YIN (de Cheveigné & Kawahara 2002, equations 6 and 8), frame by frame. */
import { type BlockSpectra, blockSpectra } from "../math/block-spectra.js";
import { realFft, type Samples } from "../math/fft.js";
import { firstSample, frameCount } from "./framing.js";

/** The frames and the range of periods that YIN and pYIN look at. */
export interface PeriodOptions {
  readonly sampleRate: number;
  /** Lowest and highest F0 in Hz that is looked for. */
  readonly lowHz: number;
  readonly highHz: number;
  /** Default 2048. */
  readonly frameSamples?: number | undefined;
  /** Default a quarter of `frameSamples`. */
  readonly hopSamples?: number | undefined;
  readonly center?: boolean | undefined;
}

/** What `PeriodOptions` come to in samples. */
export interface PeriodRange {
  readonly frameSamples: number;
  readonly hopSamples: number;
  readonly frames: number;
  /** Periods minPeriod..maxPeriod in samples, both included. */
  readonly minPeriod: number;
  readonly maxPeriod: number;
}

/**
 * Returns the frames and periods of a signal of `samples` samples.
 * @throws RangeError for a range of F0 that is empty, above half the rate or whose longest period does not fit the frame.
 */
export function periodRange(samples: number, options: PeriodOptions): PeriodRange {
  const { sampleRate, lowHz, highHz, frameSamples = 2048, center } = options;
  const hopSamples = options.hopSamples ?? Math.floor(frameSamples / 4);
  if (!(lowHz > 0 && lowHz < highHz && highHz <= sampleRate / 2 && sampleRate / lowHz < frameSamples - 1)) {
    throw new RangeError(
      `Pitch: got F0 from ${lowHz} to ${highHz} Hz, expected a range between ${sampleRate / (frameSamples - 1)} and ${sampleRate / 2} Hz`,
    );
  }
  return {
    frameSamples,
    hopSamples,
    frames: frameCount(samples, { frameSamples, hopSamples, center }),
    minPeriod: Math.floor(sampleRate / highHz),
    maxPeriod: Math.min(Math.ceil(sampleRate / lowHz), frameSamples - 1),
  };
}

/** Keeps 0 / 0 at 0, as in librosa. */
const least = 2.2250738585072014e-308;

/**
 * Calls `visit` for every frame with d'(τ), τ = minPeriod..maxPeriod: 0 where the frame repeats itself, about 1 for noise. As librosa 0.11:
 * d(τ) = 2(r(0) − r(τ)) − Σ_{m<τ} x(m)² over the zero-padded frame. The array is the same at every call.
 */
export function forEachNormalizedDifference(
  samples: Samples,
  options: PeriodOptions,
  visit: (normalized: Float64Array, frame: number) => void,
): void {
  const { frameSamples, hopSamples, frames, minPeriod, maxPeriod } = periodRange(samples.length, options);
  const origin = firstSample({ frameSamples, hopSamples, center: options.center });
  const correlation = new Float64Array(maxPeriod + 1);
  const inBlocks = frameSamples % hopSamples === 0 && maxPeriod <= hopSamples;
  const correlator = (inBlocks ? blockCorrelator : frameCorrelator)(samples, origin, {
    frameSamples,
    hopSamples,
    maxPeriod,
  });
  const normalized = new Float64Array(maxPeriod - minPeriod + 1);
  const beginning = new Float64Array(maxPeriod);
  for (let t = 0; t < frames; t++) {
    correlator.correlate(t, correlation);
    copyStretch(samples, origin + t * hopSamples, maxPeriod, beginning);
    const energy = correlation[0];
    let head = 0;
    let cumulative = 0;
    for (let lag = 1; lag <= maxPeriod; lag++) {
      const sample = beginning[lag - 1];
      head += sample * sample;
      const difference = 2 * (energy - correlation[lag]) - head;
      cumulative += difference;
      // Two divisions, as librosa's: where all periods are as good, the last bits choose one.
      if (lag >= minPeriod) normalized[lag - minPeriod] = difference / (cumulative / lag + least);
    }
    visit(normalized, t);
  }
  correlator.finish?.();
}

interface Correlator {
  /** Writes r(0)..r(maxPeriod) of frame t, Σ x(n) x(n + τ) over the pairs within the frame; called for t = 0, 1, 2 … */
  correlate(t: number, correlation: Float64Array): void;
  /** Called after the last frame. */
  finish?(): void;
}

interface CorrelatorOptions {
  readonly frameSamples: number;
  readonly hopSamples: number;
  readonly maxPeriod: number;
}

/** Frame by frame, by the power spectrum. */
function frameCorrelator(
  samples: Samples,
  origin: number,
  { frameSamples, hopSamples, maxPeriod }: CorrelatorOptions,
): Correlator {
  const size = powerOfTwo(frameSamples + maxPeriod);
  const plan = realFft(size);
  const frame = new Float64Array(size);
  const circular = new Float64Array(size);
  const power = new Float64Array(plan.bins);
  const zeros = new Float64Array(plan.bins);
  return {
    correlate(t, correlation) {
      copyStretch(samples, origin + t * hopSamples, frameSamples, frame);
      plan.powerInto(frame, power);
      plan.inverseInto(power, zeros, circular);
      correlation.set(circular.subarray(0, maxPeriod + 1));
    },
  };
}

/**
 * Block by block of one hop, for frames of whole hops and periods within one. With X the spectrum of a block and zeros behind it, Y the next one's and h the
 * hop, the pairs within the block are |X|² and those that begin in it and end in the next are X̄ Y e^(−iωh): a frame's spectrum is the sum of these over its
 * blocks, but for the pairs that leave the last. One transform a block and one back a frame, of half the length that a frame with its zeros takes.
 */
function blockCorrelator(
  samples: Samples,
  origin: number,
  { frameSamples, hopSamples, maxPeriod }: CorrelatorOptions,
): Correlator {
  const blocks = frameSamples / hopSamples;
  const size = powerOfTwo(2 * hopSamples);
  const plan = realFft(size);
  const { bins } = plan;
  // By block, of those of one frame, the pairs that begin in it; behind them the spectra of this block and the next.
  const key = [size, hopSamples, blocks].join();
  const loops =
    idleSpectra.get(key) ??
    blockSpectra(
      Float64Array.from({ length: bins }, (_, k) => (2 * Math.PI * ((k * hopSamples) % size)) / size),
      { count: blocks + 2 },
    );
  idleSpectra.delete(key);
  const { sum } = loops;
  const spectrumOf = (block: number): number => blocks + (block % 2);
  const circular = new Float64Array(size);

  function transform(block: number): void {
    copyStretch(samples, origin + block * hopSamples, hopSamples, plan.input);
    plan.input.fill(0, hopSamples);
    const { re, im } = loops.spectra[spectrumOf(block)];
    plan.forwardInto(plan.input, re, im);
  }

  let begun = 0;
  return {
    correlate(t, correlation) {
      for (; begun < t + blocks; begun++) {
        if (begun === 0) transform(0);
        transform(begun + 1);
        loops.begin(spectrumOf(begun), spectrumOf(begun + 1), begun % blocks);
      }
      for (let block = t; block < t + blocks - 1; block++) loops.add(block % blocks);
      plan.inverseInto(sum.re, sum.im, circular);
      correlation.set(circular.subarray(0, maxPeriod + 1));
    },
    finish() {
      if (idleSpectra.size < maxIdle) idleSpectra.set(key, loops);
    },
  };
}

/** Loops that nobody uses at the moment, by the sizes that they are for: to make a memory anew takes as long as some frames. */
const idleSpectra = new Map<string, BlockSpectra>();
const maxIdle = 8;

/** Copies `count` samples from `start` on, zeros beyond the ends. */
function copyStretch(samples: Samples, start: number, count: number, out: Float64Array): void {
  const from = Math.min(count, Math.max(0, -start));
  const to = Math.max(from, Math.min(count, samples.length - start));
  out.fill(0, 0, from);
  out.fill(0, to, count);
  for (let i = from; i < to; i++) out[i] = samples[start + i];
}

function powerOfTwo(atLeast: number): number {
  let size = 1;
  while (size < atLeast) size *= 2;
  return size;
}

/** Steps of the normalized difference up to this are rounding: a frame of one click has no trough, in whatever order its products are summed. */
const rounding = 1e-12;

/** Whether `values[i]` is a trough as librosa counts them: below the left neighbour and not above the right one; ends have one neighbour only. */
export function isTrough(values: Float64Array, i: number): boolean {
  const value = values[i];
  if (i === 0) return value < values[1] - rounding;
  return value < values[i - 1] - rounding && (i === values.length - 1 || value <= values[i + 1] + rounding);
}

/** Offset of the vertex of the parabola through three neighbours, 0 at the ends and where it lies beyond them. */
export function parabolicShift(values: Float64Array, at: number): number {
  if (at === 0 || at === values.length - 1) return 0;
  const a = values[at + 1] + values[at - 1] - 2 * values[at];
  const b = (values[at + 1] - values[at - 1]) / 2;
  return Math.abs(b) >= Math.abs(a) ? 0 : -b / a;
}
