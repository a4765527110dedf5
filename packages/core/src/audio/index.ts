/** The table of contents of @undertone/core/audio: waveforms: decoding, resampling, augmentation. */

export type { LibAv } from "./aac-codec.js";
export { type AudioStream, type AudioStreamOptions, openAudioStream } from "./audio-stream.js";
export type {
  Augmentation,
  AugmentContext,
  AugmentParameter,
  AugmentStep,
  AugmentValues,
} from "./augment/augmentation.js";
export { type Degradation, degradations, recordedDegradations } from "./augment/degradations.js";
export { type CopyChain, describeCopies, drawCopy } from "./augment/draw-copy.js";
export { augment, augmentations } from "./augment/index.js";
export { type ByteSource, sourceOfBytes } from "./byte-source.js";
export { changeSpeed, isSpeed, speedLimits } from "./change-speed.js";
export type { Codec, CodecName, CodecOutput, OpenCodec } from "./codec.js";
export { type CodecLoaders, codecOpener } from "./codec-opener.js";
export { type DecodeBytesOptions, type DecodedBytes, decodeBytes } from "./decode-bytes.js";
export { type DecodeLimits, defaultDecodeLimits } from "./decode-limits.js";
export { effectiveBandHz, narrowBandHz } from "./effective-band.js";
export { joinSamples } from "./join-arrays.js";
export { loudnessLufs } from "./loudness.js";
export { mixToMono } from "./mix-to-mono.js";
export type { CollectedAudio, Span } from "./mono-collector.js";
export { fileKind, unreadable } from "./name-format.js";
export { resample } from "./resample.js";
export { type ResampleStream, resampleStream } from "./resample-stream.js";
export { type AudioContainer, audioContainers, sniffContainer } from "./sniff-container.js";
export { type Sounding, type SoundingMeter, sounding, soundingMeter, windowsIn } from "./sounding.js";
export { statedSeconds } from "./stated-seconds.js";
export { durationSeconds, type Waveform } from "./waveform.js";
