/** Fundamental frequency and voicing by pYIN (Mauch & Dixon 2014): YIN under every threshold, then the likeliest path. */
import type { Samples } from "../math/fft.js";
import {
  forEachNormalizedDifference,
  isTrough,
  type PeriodOptions,
  type PeriodRange,
  parabolicShift,
  periodRange,
} from "./normalized-difference.js";
import { pitchPath } from "./pitch-path.js";

/** One value a frame. */
export interface PyinTrack {
  /** F0 in Hz on a grid of a tenth of a semitone from `lowHz` on; 0 where the frame is not voiced. */
  readonly f0Hz: Float32Array;
  /** 1 where the path is voiced. */
  readonly voiced: Uint8Array;
  /** Probability of voice before the path is sought, 0..1. */
  readonly voicedProbability: Float32Array;
}

const binsPerSemitone = 10;
/** Greatest rate at which pitch may move, in octaves a second (the authors' software). */
const maxOctavesPerSecond = 35.92;
const switchProbability = 0.01;
/** Weight of the least value where no trough is below a threshold. */
const noTroughProbability = 0.01;
/** Thresholds 0.01, 0.02 … 1 and how likely each is: Beta(2, 18), mean 0.1. */
const thresholds = Float64Array.from({ length: 100 }, (_, i) => (i + 1) / 100);
const priors = thresholds.map((threshold) => betaCdf(threshold) - betaCdf(threshold - 0.01));
/** Of n troughs below a threshold the k-th takes e^(−2k), normalized: shorter periods are likelier (Boltzmann). */
const boltzmann = 2;

/**
 * Returns the track of `librosa.pyin` 0.11 with its default priors: for each of 100 thresholds the troughs of YIN's normalized difference
 * below it share the threshold's probability, their parabolic periods are put on bins of a tenth of a semitone, and the likeliest
 * path through voiced and unvoiced bins is sought (at most 35.92 octaves a second, voicing changes with probability 0.01).
 * Takes about 2.4 kB of memory a frame for 5 octaves. librosa writes NaN where this writes 0.
 * @throws RangeError as `periodRange`.
 */
export function pyin(samples: Samples, options: PeriodOptions): PyinTrack {
  const tracker = pyinTracker(periodRange(samples.length, options), options);
  forEachNormalizedDifference(samples, options, (normalized) => tracker.add(normalized));
  return tracker.finish();
}

/** Takes the normalized difference of one frame after the other; `pyin` in parts, for who wants YIN of the same frames as well. */
export interface PyinTracker {
  add(normalized: Float64Array): void;
  finish(): PyinTrack;
}

/** Returns a tracker for the frames and periods of `periodRange`. */
export function pyinTracker(
  { frames, minPeriod, hopSamples }: PeriodRange,
  { sampleRate, lowHz, highHz }: PeriodOptions,
): PyinTracker {
  const bins = Math.floor(12 * binsPerSemitone * Math.log2(highHz / lowHz)) + 1;
  const stepBins = roundHalfEven((maxOctavesPerSecond * 12 * hopSamples) / sampleRate) * binsPerSemitone;
  const path = pitchPath({ bins, frames, reachBins: stepBins / 2, switchProbability });
  const voicedProbability = new Float32Array(frames);
  const observation = new Float64Array(bins);
  const troughs: number[] = [];
  let probabilities = new Float64Array(64);
  let t = 0;
  return {
    add(normalized) {
      troughs.length = 0;
      for (let i = 0; i < normalized.length; i++) if (isTrough(normalized, i)) troughs.push(i);
      if (troughs.length > probabilities.length) probabilities = new Float64Array(2 * troughs.length);
      weighTroughs(normalized, troughs, probabilities);
      observation.fill(0);
      for (let i = 0; i < troughs.length; i++) {
        if (probabilities[i] === 0) continue;
        const f0 = sampleRate / (minPeriod + troughs[i] + parabolicShift(normalized, troughs[i]));
        const bin = Math.max(0, roundHalfEven(12 * binsPerSemitone * Math.log2(f0 / lowHz)));
        if (bin < bins) observation[bin] = probabilities[i];
      }
      let sum = 0;
      for (let bin = 0; bin < bins; bin++) sum += observation[bin];
      const voice = Math.min(1, Math.max(0, sum));
      voicedProbability[t++] = voice;
      path.add(observation, (1 - voice) / bins);
    },
    finish() {
      const states = path.finish();
      const f0Hz = new Float32Array(frames);
      const voiced = new Uint8Array(frames);
      for (let i = 0; i < frames; i++) {
        if (states[i] >= bins) continue;
        voiced[i] = 1;
        f0Hz[i] = lowHz * 2 ** (states[i] / (12 * binsPerSemitone));
      }
      return { f0Hz, voiced, voicedProbability };
    },
  };
}

/** Writes the probability of each trough to be the period. */
function weighTroughs(
  normalized: Float64Array,
  troughs: readonly number[],
  probabilities: Float64Array,
): void {
  probabilities.fill(0, 0, troughs.length);
  if (troughs.length === 0) return;
  let least = 0;
  for (let i = 1; i < troughs.length; i++) if (normalized[troughs[i]] < normalized[troughs[least]]) least = i;
  const lowest = normalized[troughs[least]];
  for (let h = 0; h < thresholds.length; h++) {
    const threshold = thresholds[h];
    if (lowest >= threshold) {
      probabilities[least] += noTroughProbability * priors[h];
      continue;
    }
    let below = 0;
    for (let i = 0; i < troughs.length; i++) if (normalized[troughs[i]] < threshold) below++;
    let share = (priors[h] * (1 - Math.exp(-boltzmann))) / (1 - Math.exp(-boltzmann * below));
    for (let i = 0; i < troughs.length; i++) {
      if (normalized[troughs[i]] >= threshold) continue;
      probabilities[i] += share;
      share *= Math.exp(-boltzmann);
    }
  }
}

/** The cumulative distribution function of Beta(2, 18). */
function betaCdf(x: number): number {
  return 1 - (1 - x) ** 19 - 19 * x * (1 - x) ** 18;
}

/** numpy's rounding: halves to even. */
function roundHalfEven(x: number): number {
  return Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
}
