/** Spectrum and harmonicity of one 60 ms frame. */
import { windowedPower } from "../../math/windowed-power.js";
import { fullScale, gaussian, longFft, longFrame } from "./framing.js";

/** Measures long frames, one after the other. */
export interface VoiceAnalyzer {
  /** Takes the frame that starts at `start`, with zeros beyond the end; returns whether it is silent. */
  load(samples: Float32Array, start: number): boolean;
  /** Returns the power spectrum of the loaded frame; good until the next call. */
  power(): Float64Array;
  /** Returns the harmonics-to-noise ratio in dB of the loaded frame for a period in samples. */
  harmonicityDb(period: number): number;
}

/** A frame is silent when the root mean square under its window is at most this. */
const silence = 0.001;
const leastHarmonicityDb = -10;

/** Returns an analyzer. Gaussian window, σ = 0.4 (Eyben et al. 2016). */
export function voiceAnalyzer(): VoiceAnalyzer {
  const measure = windowedPower(
    gaussian(longFrame, 0.4).map((value) => value * fullScale),
    { size: longFft },
  );

  return {
    load(samples, start) {
      measure.load(samples, start);
      return !(measure.windowedEnergy() > longFrame * silence * silence);
    },
    power: measure.power,
    harmonicityDb(period) {
      // 10 log10(r(T) / (r(0) − r(T))), r the autocorrelation and T its highest lag near the period (Boersma 1993).
      const energy = measure.windowedEnergy();
      const best = highestProduct(measure.frame, Math.round(period));
      const least = 1e-10 * energy;
      const ratio = Math.max(best, least) / Math.max(energy - best, least);
      return Math.max(leastHarmonicityDb, 10 * Math.log10(ratio));
    },
  };
}

/** Returns the highest sum of products of a long frame with itself at the five lags around `middle`, at least 0; one pass for all of them. */
function highestProduct(frame: Float64Array, middle: number): number {
  let [a, b, c, d, e] = [0, 0, 0, 0, 0];
  const { length } = frame; // a local one: what is imported is read again at each turn
  const first = middle - 2;
  const all = middle + 2;
  for (let i = first; i < all; i++) {
    const value = frame[i];
    a += value * frame[i - first];
    if (i >= first + 1) b += value * frame[i - first - 1];
    if (i >= first + 2) c += value * frame[i - first - 2];
    if (i >= first + 3) d += value * frame[i - first - 3];
  }
  for (let i = all; i < length; i++) {
    const value = frame[i];
    a += value * frame[i - all + 4];
    b += value * frame[i - all + 3];
    c += value * frame[i - all + 2];
    d += value * frame[i - all + 1];
    e += value * frame[i - all];
  }
  return Math.max(0, a, b, c, d, e);
}
