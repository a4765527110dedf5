/** Levels of harmonics relative to one another and at the formants, as the reference implementation reads them off its spectrum. */
import { longFft, sampleRate } from "./framing.js";

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
 * Writes H1–H2, H1–A3 and the level of each formant over that of F0, all in dB, to `levels`; `power` is the power spectrum of a long frame.
 *
 * Harmonic n is the peak of the spectrum whose bin is the nearest to n F0, at most half an F0 away. Its frequency and magnitude are the vertex
 * of the parabola through the magnitudes of its three bins, but the magnitude of F0 itself is that of its bin. As in the reference
 * implementation H1 is the harmonic *above* F0 and H2 the next. A formant has the level of the harmonic with the strongest bin within 20 % of
 * its frequency, of F0 (0 dB) where there is none. Where F0 itself has no peak, all is as in an unvoiced frame: the differences are 0.
 */
export function harmonicLevels(
  power: Float64Array,
  { f0Hz, formantsHz }: HarmonicFrame,
  levels: Float64Array,
): void {
  const f0 = f0Hz / binHz;
  const lowest = peakBin(power, 1, f0);
  if (lowest < 0) {
    levels.fill(leastLevelDb);
    levels[0] = 0;
    levels[1] = 0;
    return;
  }
  const reference = Math.sqrt(power[lowest]);
  const levelDb = (bin: number): number =>
    bin < 0 ? missingDb : Math.max(missingDb, 20 * Math.log10(vertex(power, bin).magnitude / reference));

  const first = levelDb(peakBin(power, 2, f0));
  levels[0] = Math.max(leastLevelDb, first - levelDb(peakBin(power, 3, f0)));
  for (let i = 0; i < formantsHz.length; i++) {
    const low = ((1 - formantReach) * formantsHz[i]) / binHz;
    const high = ((1 + formantReach) * formantsHz[i]) / binHz;
    let best = -1;
    for (let n = Math.max(1, Math.floor(low / f0)), end = Math.ceil(high / f0); n <= end; n++) {
      const bin = n === 1 ? lowest : peakBin(power, n, f0);
      if (bin < 0 || (best >= 0 && power[bin] <= power[best])) continue;
      const at = vertex(power, bin).bin;
      if (at >= low && at <= high) best = bin;
    }
    levels[2 + i] = best < 0 || best === lowest ? 0 : levelDb(best);
  }
  levels[1] = Math.max(leastLevelDb, first - levels[1 + formantsHz.length]);
}

/** Bin of the peak for harmonic n of an F0 in bins; −1 for none. */
function peakBin(power: Float64Array, n: number, f0: number): number {
  const middle = Math.round(n * f0);
  const from = Math.max(1, Math.round((n - 0.5) * f0));
  const to = Math.min(power.length - 2, Math.round((n + 0.5) * f0));
  for (let reach = 0; middle + reach <= to || middle - reach >= from; reach++) {
    if (middle + reach <= to && isPeak(power, middle + reach)) return middle + reach;
    if (middle - reach >= from && middle - reach <= to && isPeak(power, middle - reach))
      return middle - reach;
  }
  return -1;
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
