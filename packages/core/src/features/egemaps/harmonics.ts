/** Levels of harmonics relative to one another and at the formants, as the reference implementation reads them off its spectrum. */
import { realFft } from "../../math/fft.js";
import { gaussian, longFft, longFrame, sampleRate } from "./framing.js";

/** F0 and formants of a frame in Hz; a formant of 0 was not found. */
export interface HarmonicFrame {
  readonly f0Hz: number;
  readonly formantsHz: Float64Array;
}

const binHz = sampleRate / longFft;
/** Half the width of the band around a formant in which its strongest harmonic is sought, as a share of its frequency. */
const formantReach = 0.2;
/** Level of a harmonic that has no peak, dB over that of F0. */
const missingDb = -200;
/** Least level or difference of levels, dB; a formant has it in an unvoiced frame. */
export const leastLevelDb = -201;

/**
 * Returns a function that writes H1–H2, H1–A3 and the level of each formant over that of F0, all in dB, of the long frame that starts at
 * `start` (with zeros beyond the end) to `levels`.
 *
 * Harmonic n is the peak of the spectrum whose bin is the nearest to n F0, at most half an F0 away. Its frequency and magnitude are the vertex
 * of the parabola through the magnitudes of its three bins, but the magnitude of F0 itself is that of its bin. As in the reference
 * implementation H1 is the harmonic *above* F0 and H2 the next. A formant has the level of the harmonic with the strongest bin within 20 % of
 * its frequency, of F0 (0 dB) where there is none. Where F0 itself has no peak, all is as in an unvoiced frame: the differences are 0.
 */
export function harmonicAnalyzer(): (
  samples: Float32Array,
  start: number,
  frame: HarmonicFrame,
  levels: Float64Array,
) => void {
  const plan = realFft(longFft);
  const window = gaussian(longFrame, 0.4);
  const windowed = new Float64Array(longFft);
  const power = new Float64Array(plan.bins);

  /** Bin of the peak for harmonic n of an F0 in bins; −1 for none. */
  const peakBin = (n: number, f0: number): number => {
    const middle = Math.round(n * f0);
    const from = Math.max(1, Math.round((n - 0.5) * f0));
    const to = Math.min(power.length - 2, Math.round((n + 0.5) * f0));
    for (let reach = 0; middle + reach <= to || middle - reach >= from; reach++) {
      if (middle + reach <= to && isPeak(power, middle + reach)) return middle + reach;
      if (middle - reach >= from && middle - reach <= to && isPeak(power, middle - reach))
        return middle - reach;
    }
    return -1;
  };

  return (samples, start, { f0Hz, formantsHz }, levels) => {
    const whole = Math.min(longFrame, samples.length - start);
    for (let i = 0; i < whole; i++) windowed[i] = samples[start + i] * window[i];
    windowed.fill(0, whole, longFrame);
    plan.powerInto(windowed, power);

    const f0 = f0Hz / binHz;
    const lowest = peakBin(1, f0);
    if (lowest < 0) {
      levels.fill(leastLevelDb);
      levels[0] = 0;
      levels[1] = 0;
      return;
    }
    const reference = Math.sqrt(power[lowest]);
    const levelDb = (bin: number): number =>
      bin < 0 ? missingDb : Math.max(missingDb, 20 * Math.log10(vertex(power, bin).magnitude / reference));

    const first = levelDb(peakBin(2, f0));
    levels[0] = Math.max(leastLevelDb, first - levelDb(peakBin(3, f0)));
    for (let i = 0; i < formantsHz.length; i++) {
      const low = ((1 - formantReach) * formantsHz[i]) / binHz;
      const high = ((1 + formantReach) * formantsHz[i]) / binHz;
      let best = -1;
      for (let n = Math.max(1, Math.floor(low / f0)), end = Math.ceil(high / f0); n <= end; n++) {
        const bin = n === 1 ? lowest : peakBin(n, f0);
        if (bin < 0 || (best >= 0 && power[bin] <= power[best])) continue;
        const at = vertex(power, bin).bin;
        if (at >= low && at <= high) best = bin;
      }
      levels[2 + i] = best < 0 || best === lowest ? 0 : levelDb(best);
    }
    levels[1] = Math.max(leastLevelDb, first - levels[1 + formantsHz.length]);
  };
}

function isPeak(power: Float64Array, bin: number): boolean {
  return power[bin] > power[bin - 1] && power[bin] > power[bin + 1];
}

/** Vertex of the parabola through the magnitudes of a peak's bin and its neighbours. */
function vertex(power: Float64Array, bin: number): { readonly bin: number; readonly magnitude: number } {
  const left = Math.sqrt(power[bin - 1]);
  const middle = Math.sqrt(power[bin]);
  const right = Math.sqrt(power[bin + 1]);
  const offset = (0.5 * (left - right)) / (left - 2 * middle + right);
  return { bin: bin + offset, magnitude: middle - 0.25 * (left - right) * offset };
}
