/** Frequencies and bandwidths of the first three formants of one 20 ms frame. */
import { levinsonDurbin, resonanceFinder } from "../../dsp/linear-prediction.js";
import { realFft } from "../../math/fft.js";
import { hamming, sampleRate, shortFft, shortFrame } from "./framing.js";

/** Formants of a frame in Hz; 0 for one that was not found. */
export interface FormantFrame {
  readonly frequencyHz: Float64Array;
  readonly bandwidthHz: Float64Array;
}

export const formantCount = 3;

/** Prediction of order 11 on the frame's band up to 5.5 kHz, that is, on the signal resampled to 11 kHz. */
const order = 11;
const bandHz = 5500;
const bandRate = 2 * bandHz;

/** Returns a function that writes the formants of the frame that starts at `start`. */
export function formantAnalyzer(): (samples: Float32Array, start: number, result: FormantFrame) => void {
  const plan = realFft(shortFft);
  const window = hamming(shortFrame);
  const frame = new Float64Array(shortFft);
  const power = new Float64Array(plan.bins);
  const bins = Math.floor((bandHz * shortFft) / sampleRate) + 1;
  const cosines = new Float64Array((order + 1) * bins);
  for (let lag = 0; lag <= order; lag++) {
    for (let k = 0; k < bins; k++)
      cosines[lag * bins + k] =
        (k === 0 ? 0.5 : 1) * Math.cos((2 * Math.PI * k * lag * sampleRate) / shortFft / bandRate);
  }
  const autocorrelation = new Float64Array(order + 1);
  const filter = new Float64Array(order + 1);
  const resonances = resonanceFinder({ order, sampleRate: bandRate });

  return (samples, start, { frequencyHz, bandwidthHz }) => {
    for (let i = 0; i < shortFrame; i++) frame[i] = samples[start + i] * window[i];
    plan.powerInto(frame, power);
    for (let lag = 0; lag <= order; lag++) {
      let sum = 0;
      for (let k = 0, at = lag * bins; k < bins; k++, at++) sum += cosines[at] * power[k];
      autocorrelation[lag] = sum;
    }
    levinsonDurbin(autocorrelation, filter);
    const found = resonances.find(filter);
    for (let i = 0; i < formantCount; i++) {
      frequencyHz[i] = i < found.count ? found.frequencyHz[i] : 0;
      bandwidthHz[i] = i < found.count ? found.bandwidthHz[i] : 0;
    }
  };
}
