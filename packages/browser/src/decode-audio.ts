/** Decodes audio files in the browser, with the decoders and the arithmetic that Node uses. */
import {
  type DecodeLimits,
  decodeBytes,
  defaultDecodeLimits,
  resample,
  type Waveform,
} from "@undertone/core/audio";
import { openCodec } from "./open-codec.js";

export interface DecodeAudioOptions {
  /** The rate in Hz to resample to. */
  readonly sampleRate: number;
  readonly limits?: Partial<DecodeLimits>;
  /** What messages call the audio. */
  readonly name?: string | undefined;
}

/**
 * Resolves to the audio in the bytes of a file, mixed to mono and resampled. It computes where it is called: call it in a
 * worker, and end that worker when `limits.timeoutSeconds` have passed.
 * @throws UndertoneError as `decodeBytes`.
 */
export async function decodeAudio(
  bytes: Uint8Array,
  { sampleRate, limits, name }: DecodeAudioOptions,
): Promise<Waveform> {
  const { wave } = await decodeBytes(bytes, {
    limits: { ...defaultDecodeLimits, ...limits },
    name,
    openCodec,
  });
  return resample(wave, sampleRate);
}
