/** What decoders of compressed audio look like to this package, which has none itself. */

/** What a codec gives for some bytes; no channels when it needs more. */
export interface CodecOutput {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
}

/** A streaming decoder for one file, as `audio-decode` has them: called with bytes, at last with nothing. */
export interface Codec {
  (chunk?: Uint8Array): Promise<CodecOutput>;
  free(): void;
}

/** The decoders of the compressed containers, by the names that `audio-decode` gives them. */
export type CodecName = "flac" | "mp3" | "aac" | "oga" | "opus" | "webm" | "m4a";

/** Resolves to a new decoder; called for compressed files only, so that WAV and AIFF load none. */
export type OpenCodec = (name: CodecName) => Promise<Codec>;
