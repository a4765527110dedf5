/** What can be said of a recording's samples without knowing what was said. */

/** Measures of one recording. */
export interface RecordingMeasures {
  readonly seconds: number;
  /** Root mean square over the whole recording in dB of full scale; null for digital silence. */
  readonly levelDb: number | null;
  readonly peak: number;
  /** Mean of the samples. */
  readonly offset: number;
  /** Seconds before the first and after the last sample within 40 dB of the peak; the whole length when all are zero. */
  readonly quietStartSeconds: number;
  readonly quietEndSeconds: number;
  /** Seconds of samples that are exactly zero at the start and at the end. */
  readonly zeroStartSeconds: number;
  readonly zeroEndSeconds: number;
}

const quietBelowPeak = 0.01; // −40 dB

/** Returns the measures of mono samples at `sampleRate` Hz. */
export function measureRecording(samples: Float32Array, sampleRate: number): RecordingMeasures {
  const { length } = samples;
  let peak = 0;
  let square = 0;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const value = samples[i];
    square += value * value;
    sum += value;
    if (value > peak) peak = value;
    else if (-value > peak) peak = -value;
  }
  const first = (above: number): number => {
    let i = 0;
    while (i < length && Math.abs(samples[i]) <= above) i++;
    return i / sampleRate;
  };
  const last = (above: number): number => {
    let i = length;
    while (i > 0 && Math.abs(samples[i - 1]) <= above) i--;
    return (length - i) / sampleRate;
  };
  const quiet = peak * quietBelowPeak;
  return {
    seconds: length / sampleRate,
    levelDb: square > 0 ? 10 * Math.log10(square / length) : null,
    peak,
    offset: length > 0 ? sum / length : 0,
    quietStartSeconds: first(quiet),
    quietEndSeconds: last(quiet),
    zeroStartSeconds: first(0),
    zeroEndSeconds: last(0),
  };
}
