/** A compressed file as its decoder takes it. */
import type { CodecName } from "./codec.js";
import type { PcmFormat } from "./pcm.js";

/** Which decoder takes what follows, and what it must be told first. */
export type DecoderStart =
  | {
      readonly codec: CodecName;
      /** The description that packets need. */
      readonly config?: Uint8Array | undefined;
      /** Bytes that a decoder of a file's bytes is given before them. */
      readonly prefix?: Uint8Array | undefined;
      /** Bits of an integer sample, when the codec is lossless and its decoder's scaling is to be undone. */
      readonly losslessBits?: number | undefined;
    }
  | { readonly codec: "alac"; readonly config: Uint8Array }
  | { readonly codec: "pcm"; readonly format: PcmFormat };

/** What a decoder is given at a time: some bytes of a stream, or packets. */
export interface EncodedPiece {
  readonly data: Uint8Array | readonly Uint8Array[];
  /** Set where these data need a decoder of their own; absent where the one before goes on. */
  readonly starts?: DecoderStart | undefined;
  /** Seconds at the end of what these data give that are not part of the audio. */
  readonly discard?: number | undefined;
}

/** How far a file was taken. */
export interface EncodedReading {
  /** Bytes so far. */
  position: number;
  /** Whether the file ends inside a frame, page, box or element; known behind the last piece. */
  cut: boolean;
}

/** A compressed file, opened. */
export interface Encoded {
  /** Gives the pieces once, in order. @throws UndertoneError `audio/not-audio` for what no decoder may be given. */
  pieces(): AsyncGenerator<EncodedPiece>;
  /** Told how many samples the last piece gave: pieces shrink where few bytes become many samples, and grow where they do not. */
  gave?(samples: number): void;
  readonly reading: Readonly<EncodedReading>;
  /** Channels that the container states. */
  readonly channels?: number | undefined;
  /** Samples per channel that must come out. */
  readonly frames?: number | undefined;
  /** Length in seconds that the container states. */
  readonly seconds?: number | undefined;
  /** Seconds that come before the audio, which an encoder begins with, and of the audio itself, behind which it fills a packet up. */
  readonly skip?: number | undefined;
  readonly take?: number | undefined;
}
