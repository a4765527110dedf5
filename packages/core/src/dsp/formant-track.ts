/** Formants over time by Burg's method, as Praat's "To Formant (burg)". */
import type { Samples } from "../math/fft.js";
import { centredFrames } from "./centred-frames.js";
import { resonanceFinder } from "./linear-prediction.js";

export interface FormantTrackOptions {
  /** Rate of the samples in Hz: twice the highest formant to expect, so resample first (11000 for women, 10000 for men). */
  readonly sampleRate: number;
  /** Formants to look for; the filter has two poles for each. Default 5. */
  readonly formants?: number | undefined;
  /** Distance of frames in seconds. Default 0.01. */
  readonly stepSeconds?: number | undefined;
  /** Effective length of the window in seconds; the Gaussian reaches twice as far. Default 0.025. */
  readonly windowSeconds?: number | undefined;
  /** Frequency in Hz above which the signal is raised by 6 dB an octave. Default 50. */
  readonly preEmphasisHz?: number | undefined;
  /** Tells by a frame's time whether it is wanted. Default all. */
  readonly only?: ((seconds: number) => boolean) | undefined;
}

/** Formants of one frame, in ascending order; as many as were found. */
export interface FormantFrame {
  readonly seconds: number;
  readonly frequencyHz: Float64Array;
  readonly bandwidthHz: Float64Array;
}

/**
 * Returns the formants of each frame that fits into the signal, the frames centred in it as Praat does; none when it is shorter than the
 * window. Burg 1967; resonances within 50 Hz of 0 or of half the rate are left out.
 * @throws RangeError for a rate, count or length that is not positive.
 */
export function formantTrack(samples: Samples, options: FormantTrackOptions): FormantFrame[] {
  const {
    sampleRate,
    formants = 5,
    stepSeconds = 0.01,
    windowSeconds = 0.025,
    preEmphasisHz = 50,
    only,
  } = options;
  const size = Math.floor(2 * windowSeconds * sampleRate);
  if (!(size >= 4 * formants) || !(stepSeconds > 0) || !(formants >= 1)) {
    throw new RangeError(
      `formantTrack: got ${formants} formants of ${size} samples every ${stepSeconds} s, expected ≥ 1, at least four samples each, > 0 s`,
    );
  }
  if (samples.length < size) return [];
  const order = 2 * formants;
  const emphasis = Math.exp((-2 * Math.PI * preEmphasisHz) / sampleRate);
  const raised = new Float64Array(samples.length);
  raised[0] = samples[0];
  for (let i = 1; i < raised.length; i++) raised[i] = samples[i] - emphasis * samples[i - 1];
  const window = praatGaussian(size);
  const frame = new Float64Array(size);
  const filter = new Float64Array(order + 1);
  const burg = burgPredictor(size, order);
  const resonances = resonanceFinder({ order, sampleRate });

  const { count, firstSeconds } = centredFrames(samples.length / sampleRate, 2 * windowSeconds, stepSeconds);
  const frames: FormantFrame[] = [];
  for (let t = 0; t < count; t++) {
    const seconds = firstSeconds + t * stepSeconds;
    if (only?.(seconds) === false) continue;
    const start = Math.max(0, Math.min(samples.length - size, Math.round(seconds * sampleRate - size / 2)));
    for (let i = 0; i < size; i++) frame[i] = raised[start + i] * window[i];
    burg(frame, filter);
    const found = resonances.find(filter);
    frames.push({
      seconds,
      frequencyHz: found.frequencyHz.slice(0, found.count),
      bandwidthHz: found.bandwidthHz.slice(0, found.count),
    });
  }
  return frames;
}

/** Praat's Gaussian: exp(−48 ((n − m) / (size + 1))²) less its value at the edges, 1 in the middle. */
function praatGaussian(size: number): Float64Array {
  const middle = (size - 1) / 2;
  const edge = Math.exp(-12);
  return Float64Array.from(
    { length: size },
    (_, n) => (Math.exp(-48 * ((n - middle) / (size + 1)) ** 2) - edge) / (1 - edge),
  );
}

/** Plans Burg's recursion: the prediction error filter that minimizes forward and backward errors together; white for silence. */
function burgPredictor(size: number, order: number): (frame: Float64Array, filter: Float64Array) => void {
  const forward = new Float64Array(size);
  const backward = new Float64Array(size);
  return (frame, filter) => {
    forward.set(frame);
    backward.set(frame);
    filter.fill(0);
    filter[0] = 1;
    for (let m = 1; m <= order; m++) {
      let product = 0;
      let energy = 0;
      for (let i = m; i < size; i++) {
        product += forward[i] * backward[i - 1];
        energy += forward[i] * forward[i] + backward[i - 1] * backward[i - 1];
      }
      if (!(energy > 0)) return;
      const reflection = (-2 * product) / energy;
      for (let i = size - 1; i >= m; i--) {
        const ahead = forward[i];
        forward[i] = ahead + reflection * backward[i - 1];
        backward[i] = backward[i - 1] + reflection * ahead;
      }
      for (let j = 1, k = m - 1; j <= k; j++, k--) {
        const low = filter[j];
        const high = filter[k];
        filter[j] = low + reflection * high;
        if (j !== k) filter[k] = high + reflection * low;
      }
      filter[m] = reflection;
    }
  };
}
