/** How loud the speech in a recording is, its pauses left out. */
import type { Waveform } from "../waveform.js";

/** Frames this far below the loudest one count as pause, as the 30 dB of the RAVDESS recordings' own silence suggest. */
const pauseDb = 30;

/** Samples `from` to `to` and their mean square. */
interface Frame {
  readonly from: number;
  readonly to: number;
  readonly power: number;
}

/** Returns the 20 ms frames that are within 30 dB of the loudest one, in order; none for silence. */
export function speechFrames({ samples, sampleRate }: Waveform): Frame[] {
  const length = Math.max(1, Math.round(0.02 * sampleRate));
  const frames: Frame[] = [];
  for (let from = 0; from < samples.length; from += length) {
    const to = Math.min(samples.length, from + length);
    let sum = 0;
    for (let i = from; i < to; i++) sum += samples[i] ** 2;
    frames.push({ from, to, power: sum / (to - from) });
  }
  const floor = frames.reduce((most, { power }) => Math.max(most, power), 0) * 10 ** (-pauseDb / 10);
  return frames.filter(({ power }) => power > floor);
}

/** Returns the mean square of the samples in these frames; 0 for silence. Pauses would otherwise decide what a signal-to-noise ratio means. */
export function speechPower(wave: Waveform): number {
  const active = speechFrames(wave);
  return active.length > 0 ? active.reduce((sum, { power }) => sum + power, 0) / active.length : 0;
}

/** Returns the waveform with `noise` added at `snrDb` below its speech power; a silent waveform or noise is given back as it is. */
export function mixNoise(wave: Waveform, noise: Float32Array, snrDb: number): Waveform {
  const { samples, sampleRate } = wave;
  let square = 0;
  for (let i = 0; i < noise.length; i++) square += noise[i] ** 2;
  const power = speechPower(wave);
  if (!(square > 0 && power > 0)) return wave;
  const factor = Math.sqrt((power * 10 ** (-snrDb / 10)) / (square / noise.length));
  return { samples: samples.map((sample, i) => sample + factor * noise[i]), sampleRate };
}
