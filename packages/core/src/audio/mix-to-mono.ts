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
  return { samples: channels.length === 1 ? first : mixedCopy(channels), sampleRate };
}

/** Returns the mean of the channels, of which there is at least one, in an array of its own: the decoder's inner loop. @throws UndertoneError as `mixToMono`. */
export function mixedCopy(channels: readonly Float32Array[]): Float32Array {
  const { length } = channels[0];
  const other = channels.find((channel) => channel.length !== length);
  if (other !== undefined) {
    throw new UndertoneError(
      "audio/bad-channel-count",
      `Cannot mix channels of ${length} and ${other.length} samples, expected equal lengths.`,
    );
  }
  if (channels.length === 1) return channels[0].slice();
  const mixed = new Float32Array(length);
  if (channels.length === 2) {
    const [left, right] = channels as [Float32Array, Float32Array];
    for (let i = 0; i < length; i++) mixed[i] = (left[i] + right[i]) / 2;
    return mixed;
  }
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (const channel of channels) sum += channel[i];
    mixed[i] = sum / channels.length;
  }
  return mixed;
}
