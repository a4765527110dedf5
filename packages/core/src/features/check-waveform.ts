/** The checks that every feature set makes before it computes anything. */
import type { Waveform } from "../audio/waveform.js";
import { UndertoneError } from "../errors.js";

export interface WaveformDemands {
  /** Who asks, for the message: a feature set's id. */
  readonly asker: string;
  readonly sampleRate: number;
  /** Fewest samples that make one frame. */
  readonly minSamples: number;
}

/** Greatest magnitude taken for audio; full scale is 1. */
const greatestMagnitude = 1e6;

/**
 * Checks rate, length and values.
 * @throws UndertoneError `audio/bad-sample-rate`, `audio/empty`, `audio/too-short` or `audio/not-finite` (NaN, infinite or beyond 10⁶ × full
 * scale).
 */
export function checkWaveform({ samples, sampleRate }: Waveform, demands: WaveformDemands): void {
  const { asker, minSamples } = demands;
  if (sampleRate !== demands.sampleRate) {
    throw new UndertoneError(
      "audio/bad-sample-rate",
      `Bad sample rate for ${asker}: got ${sampleRate} Hz, expected ${demands.sampleRate} Hz (resample first)`,
      { details: { sampleRate, expected: demands.sampleRate } },
    );
  }
  if (samples.length === 0) {
    throw new UndertoneError(
      "audio/empty",
      `Empty audio for ${asker}: got 0 samples, expected at least ${minSamples}`,
    );
  }
  // The squares of values that are all small have a small sum, which is sooner told; else they are looked at one by one.
  for (
    let i = sumOfSquares(samples) <= greatestMagnitude ** 2 ? samples.length : 0;
    i < samples.length;
    i++
  ) {
    if (!(Math.abs(samples[i]) <= greatestMagnitude)) {
      throw new UndertoneError(
        "audio/not-finite",
        `Bad sample for ${asker}: got ${samples[i]} at sample ${i}, expected finite numbers with 1 as full scale`,
        { details: { index: i } },
      );
    }
  }
  if (samples.length < minSamples) {
    throw new UndertoneError(
      "audio/too-short",
      `Audio too short for ${asker}: got ${samples.length} samples, expected at least ${minSamples} (one frame)`,
      { details: { samples: samples.length, minSamples } },
    );
  }
}

/** Four sums at a time, so that none waits for another's addition. */
function sumOfSquares(samples: Float32Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < samples.length; i += 4) {
    s0 += samples[i] * samples[i];
    s1 += samples[i + 1] * samples[i + 1];
    s2 += samples[i + 2] * samples[i + 2];
    s3 += samples[i + 3] * samples[i + 3];
  }
  for (; i < samples.length; i++) s0 += samples[i] * samples[i];
  return s0 + s1 + s2 + s3;
}
