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
  for (let i = 0; i < samples.length; i++) {
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
