/** Mel spectrogram for pictures, from the same transform that the features use. */
import type { Waveform } from "@undertone/core/audio";
import { hzToMel, logMel, powerSpectrogram } from "@undertone/core/dsp";
import type { Matrix } from "@undertone/core/math";

/** How fine the picture is. */
export interface SpectrogramOptions {
  /** Most frames; the hop grows with the audio so that there are no more. */
  readonly maxFrames?: number | undefined;
  /** Mel bands. */
  readonly bands?: number | undefined;
}

/** A picture: frames × bands levels, with the meaning of its axes. */
export interface Spectrogram {
  /** Levels in dB, −80..0, relative to the loudest, or to a tone of −60 dBFS where that is louder: silence is no sound at full strength. */
  readonly levels: Matrix;
  /** Seconds from one frame to the next; frame 0 is centred on time 0. */
  readonly hopSeconds: number;
  /** Upper edge of the last band in Hz; bands are equally wide in mel from 0 on. */
  readonly highHz: number;
}

/** Level in dBFS of the faintest tone that may be the loudest thing in a picture. */
const faintDb = -60;

/** Returns the mel spectrogram of a waveform: Hann windows of 32 ms every 8 ms or more. */
export function spectrogram(
  wave: Waveform,
  { maxFrames = 1600, bands = 80 }: SpectrogramOptions = {},
): Spectrogram {
  const { samples, sampleRate } = wave;
  const fftSize = 2 ** Math.round(Math.log2(0.032 * sampleRate));
  const hopSamples = Math.max(Math.round(0.008 * sampleRate), Math.ceil(samples.length / maxFrames));
  const power = powerSpectrogram(samples, { fftSize, hopSamples });
  const highHz = sampleRate / 2;
  const levels = logMel(power, { sampleRate, fftSize, bands, highHz, norm: "none" });
  // A tone at full scale has fftSize / 4 in the one bin of a Hann window.
  let top = 20 * Math.log10(fftSize / 4) + faintDb;
  for (const level of levels.data) top = Math.max(top, level);
  for (let i = 0; i < levels.data.length; i++) levels.data[i] = Math.max(-80, levels.data[i] - top);
  return { levels, hopSeconds: hopSamples / sampleRate, highHz };
}

/** Returns where a frequency stands on the picture's vertical axis, 0 (bottom) to 1 (top). */
export function spectrogramHeight(hz: number, highHz: number): number {
  return hzToMel(hz) / hzToMel(highHz);
}
