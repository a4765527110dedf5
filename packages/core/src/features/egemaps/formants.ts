/** Frequencies and bandwidths of the first three formants of one 20 ms frame, as the reference implementation has them. */
import { levinsonDurbin, resonanceFinder } from "../../dsp/linear-prediction.js";
import { narrowFrame, narrowRate, narrowWave } from "./narrow-wave.js";

/** Formants of a frame in Hz; 0 for one that was not found. */
export interface FormantFrame {
  readonly frequencyHz: Float64Array;
  readonly bandwidthHz: Float64Array;
}

export const formantCount = 3;

const order = 11;

/**
 * Returns a function that writes the formants of the frame that starts at `start`.
 *
 * They are not the resonances of the voice. The prediction error filter is A(z) = 1 + Σ aₖ z⁻ᵏ, the resonances are the roots of A; openSMILE 3.0
 * takes the roots of 1 − Σ aₖ z⁻ᵏ, and so do we here. Those lie far inside the unit circle (hence bandwidths about 1 kHz) and move little with
 * the vowel. `formantTrack` gives the true ones.
 */
export function formantAnalyzer(): (samples: Float32Array, start: number, result: FormantFrame) => void {
  const narrow = narrowWave();
  // Zeros beyond its end, so that all lags are summed over all samples.
  const wave = new Float64Array(narrowFrame + order);
  const autocorrelation = new Float64Array(order + 1);
  const filter = new Float64Array(order + 1);
  const resonances = resonanceFinder({ order, sampleRate: narrowRate, highestHz: narrowRate / 2 });

  return (samples, start, { frequencyHz, bandwidthHz }) => {
    narrow(samples, start, wave);
    autocorrelate(wave, autocorrelation);
    levinsonDurbin(autocorrelation, filter);
    for (let i = 1; i <= order; i++) filter[i] = -filter[i];
    const found = resonances.find(filter);
    for (let i = 0; i < formantCount; i++) {
      frequencyHz[i] = i < found.count ? found.frequencyHz[i] : 0;
      bandwidthHz[i] = i < found.count ? found.bandwidthHz[i] : 0;
    }
  };
}

/** Writes Σ wave[i] · wave[i + lag], four lags in a pass: a single sum waits for itself at each sample. */
function autocorrelate(wave: Float64Array, autocorrelation: Float64Array): void {
  const count = wave.length - order;
  for (let lag = 0; lag < autocorrelation.length; lag += 4) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < count; i++) {
      const value = wave[i];
      const at = i + lag;
      a += value * wave[at];
      b += value * wave[at + 1];
      c += value * wave[at + 2];
      d += value * wave[at + 3];
    }
    autocorrelation[lag] = a;
    autocorrelation[lag + 1] = b;
    autocorrelation[lag + 2] = c;
    autocorrelation[lag + 3] = d;
  }
}
