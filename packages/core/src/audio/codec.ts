/** What decoders of compressed audio look like to this package, which has none that need more than arithmetic. */

/** What a codec gives for some bytes; no channels when it needs more. */
export interface CodecOutput {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
}

/** A decoder for one stream: called with what `CodecName` says, at last with nothing. */
export interface Codec {
  (data?: Uint8Array | readonly Uint8Array[]): CodecOutput | Promise<CodecOutput>;
  free(): void;
}

/**
 * The decoders that must be supplied. `flac`, `mp3`, `vorbis` and `opus` (both in Ogg) take a file's bytes as they come; `aac` takes access units, in ADTS or
 * described by an AudioSpecificConfig (ISO/IEC 14496-3), `opus-packets` packets described by an OpusHead (RFC 7845).
 */
export type CodecName = "flac" | "mp3" | "vorbis" | "opus" | "aac" | "opus-packets";

/** Resolves to a new decoder; called for compressed files only, so that WAV and AIFF load none. */
export type OpenCodec = (name: CodecName, config?: Uint8Array) => Promise<Codec>;
