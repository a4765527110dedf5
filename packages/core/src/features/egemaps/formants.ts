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
  const wave = new Float64Array(narrowFrame);
  const autocorrelation = new Float64Array(order + 1);
  const filter = new Float64Array(order + 1);
  const resonances = resonanceFinder({ order, sampleRate: narrowRate, highestHz: narrowRate / 2 });

  return (samples, start, { frequencyHz, bandwidthHz }) => {
    narrow(samples, start, wave);
    for (let lag = 0; lag <= order; lag++) {
      let sum = 0;
      for (let i = lag; i < narrowFrame; i++) sum += wave[i] * wave[i - lag];
      autocorrelation[lag] = sum;
    }
    levinsonDurbin(autocorrelation, filter);
    for (let i = 1; i <= order; i++) filter[i] = -filter[i];
    const found = resonances.find(filter);
    for (let i = 0; i < formantCount; i++) {
      frequencyHz[i] = i < found.count ? found.frequencyHz[i] : 0;
      bandwidthHz[i] = i < found.count ? found.bandwidthHz[i] : 0;
    }
  };
}
