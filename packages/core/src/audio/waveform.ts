/** The audio type that every other part takes. */

/** Mono audio: samples in −1..1 (values beyond are allowed and mean overload), `sampleRate` in Hz. */
export interface Waveform {
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

/** Returns the waveform's length in seconds. */
export function durationSeconds(wave: Waveform): number {
  return wave.samples.length / wave.sampleRate;
}
