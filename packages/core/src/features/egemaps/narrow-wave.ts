/** One 20 ms frame as the reference implementation hears it where it looks for formants: below 3.4 kHz, at 11 kHz, and cut off. */
import { realFft } from "../../math/fft.js";
import { hamming, sampleRate, shortFft, shortFrame } from "./framing.js";

/** Rate of the resampled frame, Hz. */
export const narrowRate = 11000;
/** Its length: 20 ms. */
export const narrowFrame = (shortFrame * narrowRate) / sampleRate;

/** Where the frame stands in its transform: in the middle, zeros on both sides. */
const margin = (shortFft - shortFrame) / 2;
/** The transform's length after resampling; of its bins as many are filled as make `narrowFrame` numbers. */
const narrowFft = (shortFft * narrowRate) / sampleRate;
const bins = narrowFrame / 2;

/**
 * Returns a function that writes the 220 samples of the frame that starts at `start` to `wave`, up to a factor.
 *
 * Resampling is done in the spectrum: the lowest 110 bins (of 31.25 Hz) go back to the time domain at 11 kHz, the constant part with twice
 * its weight, and the first 20 ms of the 32 ms that this gives are kept. As zeros stand before the frame, those are 6 ms of next to nothing
 * and the first 14 ms of the frame under its Hamming window. A resampler would fill 176 bins and keep the frame's place; this is what
 * openSMILE 3.0 gives, sample for sample.
 */
export function narrowWave(): (samples: Float32Array, start: number, wave: Float64Array) => void {
  const wide = realFft(shortFft);
  const narrow = realFft(narrowFft);
  const window = hamming(shortFrame);
  const frame = new Float64Array(shortFft);
  const re = new Float64Array(wide.bins);
  const im = new Float64Array(wide.bins);
  const whole = new Float64Array(narrowFft);
  return (samples, start, wave) => {
    for (let i = 0; i < window.length; i++) frame[margin + i] = samples[start + i] * window[i];
    wide.forwardInto(frame, re, im);
    re[0] *= 2;
    re.fill(0, bins);
    im.fill(0, bins);
    narrow.inverseInto(re, im, whole);
    wave.set(whole.subarray(0, narrowFrame));
  };
}
