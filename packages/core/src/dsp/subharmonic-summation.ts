/** Candidates of F0 in one spectrum by subharmonic summation (Hermes 1988, J. Acoust. Soc. Am. 83, 257–264). */
import { subharmonicKernel } from "./subharmonic-kernel.js";
import { harmonicsAtOnce } from "./subharmonic-loops.js";

export interface SubharmonicOptions {
  readonly sampleRate: number;
  readonly fftSize: number;
  /** Range of F0 in Hz. Default 55–1000. */
  readonly lowHz?: number | undefined;
  readonly highHz?: number | undefined;
  /** Harmonics that are summed. Default 15. */
  readonly harmonics?: number | undefined;
  /** Weight of each harmonic relative to the one below it. Default 0.85 (Hermes: 0.84). */
  readonly decay?: number | undefined;
  /** Peaks of the sum that are looked at. Default 6. */
  readonly peaks?: number | undefined;
}

/** A planned summation of two spectra at a time, which takes no longer than of one. Tables and work memory are made once. Not for concurrent use. */
export interface SubharmonicSummation {
  /** Where the two power spectra go, fftSize / 2 + 1 values ≥ 0 each. */
  readonly powers: readonly [Float64Array, Float64Array];
  /** Candidates of the spectrum last asked about: F0 in Hz, and 1 − mean of the sum over the peak's height, at most 1. */
  readonly hz: Float64Array;
  readonly salience: Float64Array;
  /** Sums both spectra. */
  sum(): void;
  /** Writes the candidates of one of the spectra that were summed, the highest peak first; returns how many of the highest `peaks` are in the range. */
  candidatesOf(which: 0 | 1): number;
}

/** Lowest frequency of the logarithmic axis in Hz; it has as many points as the spectrum has bins. */
const axisLowHz = 25;
/** Where the weight of a frequency is one half, Hz. */
const halfWeightHz = 31.7773;
/** A harmonic's shift is rounded down to a whole step up to this fraction of one. */
const roundDown = 0.6;

/**
 * Plans the summation. Bins that are neither within two of a local maximum nor below the first one are set to 0, the others smoothed by
 * (¼, ½, ¼), interpolated by a natural cubic spline over log2 f at equal steps of log2 f from 25 Hz to half the sample rate, weighted by
 * ½ + arctan(3 log2(f / 31.8 Hz)) / π, shifted by log2(n), weighted by decayⁿ⁻¹ and added. Peaks are refined by a parabola. What Hermes
 * leaves open follows openSMILE 3.0, measured stage by stage at 16 kHz and 1024 points.
 */
export function subharmonicSummation(options: SubharmonicOptions): SubharmonicSummation {
  const { sampleRate, fftSize, lowHz = 55, highHz = 1000, harmonics = 15, decay = 0.85, peaks = 6 } = options;
  const bins = fftSize / 2 + 1;
  const octaves = Math.log2(sampleRate / 2 / axisLowHz);
  const step = octaves / (bins - 1);
  // Whole passes of the kernel: harmonics beyond the last one weigh nothing.
  const summed = harmonicsAtOnce * Math.ceil(harmonics / harmonicsAtOnce);
  const shifts = Uint32Array.from({ length: summed }, (_, n) =>
    Math.floor(Math.log2(Math.min(n + 1, harmonics)) / step + 1 - roundDown),
  );
  const weights = Float64Array.from({ length: summed }, (_, n) => (n < harmonics ? decay ** n : 0));

  // Bins on the axis of log2 f; bin 0, which has none, stands an octave below bin 1.
  const knots = Float64Array.from({ length: bins }, (_, k) =>
    Math.log2(((k === 0 ? 0.5 : k) * sampleRate) / fftSize),
  );
  // Each point of the axis: the bin below it, the weights of that bin's and the next one's value and bend.
  const lower = new Uint32Array(bins);
  const axis = new Float64Array(4 * bins);
  for (let j = 0; j < bins; j++) {
    const at = Math.log2(axisLowHz) + j * step;
    const k = Math.max(0, Math.min(bins - 2, Math.floor((2 ** at * fftSize) / sampleRate + 1e-9)));
    lower[j] = k;
    const octavesAboveHalf = Math.log2(axisLowHz / halfWeightHz) + (j * octaves) / bins;
    // The kernel's smoothing gives four times the value.
    const audibility = (0.5 + Math.atan(3 * octavesAboveHalf) / Math.PI) / 4;
    const width = knots[k + 1] - knots[k];
    const b = (at - knots[k]) / width;
    const a = 1 - b;
    axis[4 * j] = a * audibility;
    axis[4 * j + 1] = (((a * a * a - a) * width * width) / 6) * audibility;
    axis[4 * j + 2] = b * audibility;
    axis[4 * j + 3] = (((b * b * b - b) * width * width) / 6) * audibility;
  }
  const kernel = subharmonicKernel({ bins, ...naturalSpline(knots), lower, axis, shifts, weights });
  const { sums, totals } = kernel;
  const hz = new Float64Array(peaks);
  const salience = new Float64Array(peaks);
  const best = new Int32Array(peaks);
  let places = 0;

  return {
    powers: kernel.powers,
    hz,
    salience,
    sum() {
      places = kernel.run();
    },
    candidatesOf(which) {
      let found = 0;
      for (let n = 0; n < places; n++) {
        const i = 2 * kernel.peaks[n] + which;
        const height = sums[i];
        if (found === peaks && height <= sums[best[peaks - 1]]) continue;
        // A place may be the other spectrum's.
        if (!(height > sums[i - 2] && height >= sums[i + 2])) continue;
        let place = found < peaks ? found++ : peaks - 1;
        for (; place > 0 && height > sums[best[place - 1]]; place--) best[place] = best[place - 1];
        best[place] = i;
      }
      const mean = (sums[which] + totals[which] + sums[2 * (bins - 1) + which]) / bins;

      let count = 0;
      for (let n = 0; n < found; n++) {
        const i = best[n];
        const left = sums[i - 2];
        const right = sums[i + 2];
        const shift = (0.5 * (left - right)) / (left - 2 * sums[i] + right);
        const candidate = axisLowHz * 2 ** (((i >> 1) + shift) * step);
        if (candidate < lowHz || candidate > highHz) continue;
        const clarity = 1 - mean / (sums[i] - 0.25 * (left - right) * shift);
        // One that the parabola lifts above the first takes its place before it.
        const place = count > 0 && clarity > salience[0] ? 0 : count;
        for (let k = count; k > place; k--) {
          hz[k] = hz[k - 1];
          salience[k] = salience[k - 1];
        }
        hz[place] = candidate;
        salience[place] = clarity;
        count++;
      }
      return count;
    },
  };
}

/** Returns the factors of the two sweeps that give a natural cubic spline's second derivatives over rising knots (see `SubharmonicTables`). */
function naturalSpline(knots: Float64Array): {
  readonly forward: Float64Array;
  readonly backward: Float64Array;
} {
  const size = knots.length;
  const widths = Float64Array.from({ length: size - 1 }, (_, k) => knots[k + 1] - knots[k]);
  const forward = new Float64Array(3 * size);
  const backward = new Float64Array(size);
  forward[0] = 1 / widths[0];
  for (let k = 1; k < size - 1; k++) {
    const below = widths[k - 1];
    const above = widths[k];
    const pivot = 1 / (2 * (below + above) - below * backward[k - 1]);
    backward[k] = above * pivot;
    forward[3 * k] = 1 / above;
    forward[3 * k + 1] = 6 * pivot;
    forward[3 * k + 2] = below * pivot;
  }
  return { forward, backward };
}
