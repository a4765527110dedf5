/** Several channels to one. */
import { UndertoneError } from "../errors.js";
import type { Waveform } from "./waveform.js";

/**
 * Returns the mean of the channels as a waveform; one channel is returned as it is, without a copy.
 * Identical channels give exactly that channel.
 * @throws UndertoneError `audio/bad-channel-count` when there is no channel or they differ in length.
 */
export function mixToMono(channels: readonly Float32Array[], sampleRate: number): Waveform {
  const first = channels[0];
  if (first === undefined) {
    throw new UndertoneError(
      "audio/bad-channel-count",
      "Cannot mix audio of 0 channels, expected at least 1.",
    );
  }
  if (channels.length === 1) return { samples: first, sampleRate };
  const samples = new Float32Array(first.length);
  mixInto(samples, 0, channels);
  return { samples, sampleRate };
}

/** Writes the mean of the channels into `out` from index `at` on: the decoder's inner loop. */
export function mixInto(out: Float32Array, at: number, channels: readonly Float32Array[]): void {
  const length = channels[0].length;
  const other = channels.find((channel) => channel.length !== length);
  if (other !== undefined) {
    throw new UndertoneError(
      "audio/bad-channel-count",
      `Cannot mix channels of ${length} and ${other.length} samples, expected equal lengths.`,
    );
  }
  if (channels.length === 1) {
    out.set(channels[0], at);
  } else if (channels.length === 2) {
    const [left, right] = channels as [Float32Array, Float32Array];
    for (let i = 0; i < length; i++) out[at + i] = (left[i] + right[i]) / 2;
  } else {
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (const channel of channels) sum += channel[i];
      out[at + i] = sum / channels.length;
    }
  }
}
