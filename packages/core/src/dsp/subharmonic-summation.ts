/** F0 of one spectrum by subharmonic summation (Hermes 1988, J. Acoust. Soc. Am. 83, 257–264). */

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
}

/** What one spectrum's sum says. */
export interface SubharmonicPeak {
  /** F0 in Hz, 0 when the sum has no peak within the range. */
  hz: number;
  /** 1 − mean of the sum over its highest peak, 0..1: how far the peak stands out. */
  salience: number;
}

/** A planned summation: tables and work memory are made once. Not for concurrent use. */
export interface SubharmonicSummation {
  /** Writes the F0 of a magnitude spectrum (fftSize / 2 + 1 values ≥ 0) to `peak`. */
  peakInto(magnitudes: Float64Array, peak: SubharmonicPeak): void;
}

/** Lowest frequency of the logarithmic axis in Hz; it has as many points as the spectrum has bins. */
const axisLowHz = 25;

/**
 * Plans the summation. Only bins within two of a local maximum are kept, smoothed by (¼, ½, ¼), interpolated by a cubic spline on a logarithmic
 * axis from 25 Hz to half the sample rate, weighted by ½ + arctan(3 log2(f / 25 Hz)) / π, shifted by log2(n), weighted by decayⁿ⁻¹ and added.
 * The position of the highest value within the range is refined by a parabola.
 */
export function subharmonicSummation(options: SubharmonicOptions): SubharmonicSummation {
  const { sampleRate, fftSize, lowHz = 55, highHz = 1000, harmonics = 15, decay = 0.85 } = options;
  const bins = fftSize / 2 + 1;
  const step = Math.log2(sampleRate / 2 / axisLowHz) / (bins - 1);
  const position = (hz: number): number => Math.log2(hz / axisLowHz) / step;
  const first = Math.ceil(position(lowHz));
  const last = Math.floor(position(highHz));
  const shifts = Uint32Array.from({ length: harmonics }, (_, n) => Math.floor(Math.log2(n + 1) / step));
  const weights = Float64Array.from({ length: harmonics }, (_, n) => decay ** n);

  // Where each point of the axis lies between two bins, and its weight.
  const lower = new Uint32Array(bins);
  const fraction = new Float64Array(bins);
  const loudness = new Float64Array(bins);
  for (let j = 0; j < bins; j++) {
    const bin = Math.min(bins - 1, (axisLowHz * 2 ** (j * step) * fftSize) / sampleRate);
    lower[j] = Math.min(bins - 2, Math.floor(bin));
    fraction[j] = bin - lower[j];
    loudness[j] = 0.5 + Math.atan(3 * j * step) / Math.PI;
  }
  const spline = naturalSpline(bins);
  const peaks = new Float64Array(bins);
  const smooth = new Float64Array(bins);
  const axis = new Float64Array(bins);
  const tails = new Float64Array(bins + 1);
  const sums = new Float64Array(last - first + 3);

  return {
    peakInto(magnitudes, peak) {
      keepPeaks(magnitudes, peaks);
      smooth[0] = peaks[0];
      smooth[bins - 1] = peaks[bins - 1];
      for (let k = 1; k < bins - 1; k++)
        smooth[k] = 0.25 * peaks[k - 1] + 0.5 * peaks[k] + 0.25 * peaks[k + 1];

      const bend = spline(smooth);
      for (let j = 0; j < bins; j++) {
        const k = lower[j];
        const b = fraction[j];
        const a = 1 - b;
        const value =
          a * smooth[k] + b * smooth[k + 1] + ((a * a * a - a) * bend[k] + (b * b * b - b) * bend[k + 1]) / 6;
        axis[j] = value > 0 ? value * loudness[j] : 0;
      }
      for (let j = bins - 1; j >= 0; j--) tails[j] = tails[j + 1] + axis[j];

      let total = 0;
      sums.fill(0);
      for (let n = 0; n < harmonics; n++) {
        const shift = shifts[n];
        const weight = weights[n];
        if (shift < bins) total += weight * tails[shift];
        const from = first - 1 + shift;
        const end = Math.min(sums.length, bins - from);
        for (let i = 0; i < end; i++) sums[i] += weight * axis[from + i];
      }
      // The highest local maximum: a slope at either end of the range is no F0.
      let best = 0;
      for (let i = 1; i < sums.length - 1; i++) {
        if (sums[i] > sums[i - 1] && sums[i] >= sums[i + 1] && (best === 0 || sums[i] > sums[best])) best = i;
      }
      if (best === 0) {
        peak.hz = 0;
        peak.salience = 0;
        return;
      }
      const left = sums[best - 1];
      const right = sums[best + 1];
      const curvature = left - 2 * sums[best] + right;
      const shift = curvature < 0 ? (0.5 * (left - right)) / curvature : 0;
      const height = sums[best] - 0.25 * (left - right) * shift;
      peak.hz = axisLowHz * 2 ** ((first - 1 + best + shift) * step);
      peak.salience = 1 - total / bins / height;
    },
  };
}

/** Copies `values`, with zeros beyond two places from each local maximum. */
function keepPeaks(values: Float64Array, kept: Float64Array): void {
  const size = values.length;
  kept.fill(0);
  for (let k = 1; k < size - 1; k++) {
    if (values[k] > values[k - 1] && values[k] >= values[k + 1]) {
      for (let i = Math.max(0, k - 2), end = Math.min(size - 1, k + 2); i <= end; i++) kept[i] = values[i];
    }
  }
}

/** Plans a natural cubic spline over equal steps; the returned function gives the second derivatives in a buffer of its own. */
function naturalSpline(size: number): (values: Float64Array) => Float64Array {
  const factors = new Float64Array(size);
  for (let k = 1; k < size - 1; k++) factors[k] = 1 / (4 - factors[k - 1]);
  const bend = new Float64Array(size);
  return (values) => {
    bend[0] = 0;
    bend[size - 1] = 0;
    for (let k = 1; k < size - 1; k++)
      bend[k] = (6 * (values[k - 1] - 2 * values[k] + values[k + 1]) - bend[k - 1]) * factors[k];
    for (let k = size - 2; k > 0; k--) bend[k] -= factors[k] * bend[k + 1];
    return bend;
  };
}
