/** The log-mel picture that Whisper takes, always of 30 seconds. */
import { applyFilterBank } from "../../dsp/filter-bank.js";
import { melFilterBank } from "../../dsp/mel.js";
import { powerSpectrogram } from "../../dsp/stft.js";

/** Rate in Hz, transform and hop in samples, and the window that a picture holds: 30 s, 3000 frames. */
export const whisperFraming = {
  sampleRate: 16000,
  fftSize: 400,
  hopSamples: 160,
  samples: 480_000,
  frames: 3000,
} as const;

/** Levels further than this below the greatest are cut, in powers of ten. */
export const whisperRange = 8;

/**
 * Returns bands × 3000 values of at most 30 s of samples, as Whisper's own front-end (Radford et al. 2022) gives them: silence up to 30 s, Hann of 400 samples every 160,
 * centred and mirrored at both ends, 80 or 128 Slaney bands, log10, cut 8 below the greatest, (x + 4) / 4.
 */
export function whisperMel(samples: Float32Array, bands: number): Float32Array {
  const { sampleRate, fftSize, hopSamples, samples: whole, frames } = whisperFraming;
  const half = fftSize / 2;
  const padded = new Float32Array(whole + fftSize);
  padded.set(samples.subarray(0, whole), half);
  for (let i = 1; i <= half; i++) {
    padded[half - i] = padded[half + i];
    padded[half + whole - 1 + i] = padded[half + whole - 1 - i];
  }
  const power = powerSpectrogram(padded, { fftSize, hopSamples, center: false });
  const mel = applyFilterBank(power, melFilterBank({ sampleRate, fftSize, bands }));
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < frames * bands; i++) {
    mel.data[i] = Math.log10(Math.max(mel.data[i], 1e-10));
    greatest = Math.max(greatest, mel.data[i]);
  }
  const picture = new Float32Array(bands * frames);
  for (let t = 0; t < frames; t++) {
    for (let band = 0; band < bands; band++)
      picture[band * frames + t] = (Math.max(mel.data[t * bands + band], greatest - whisperRange) + 4) / 4;
  }
  return picture;
}
