/** What a place is from which encoder files come. One more is a file beside this one and a line in `index.ts`. */
import type { FetchOptions } from "../fetch-bytes.js";

/** An encoder file and what its place tells of it. */
export interface FoundEncoder {
  readonly bytes: Uint8Array;
  readonly name: string;
  /** SPDX id, or `unknown`. */
  readonly licence: string;
  /** Where exactly it came from, as `encoder add` takes it. */
  readonly source: string;
}

/** A place from which encoder files come. */
export interface EncoderSource {
  /** How its files are named, for messages: `hf:ORG/MODEL[@REVISION]/PATH.onnx`. */
  readonly form: string;
  /** Whether a source names a file of this place. */
  takes(source: string): boolean;
  /** Whether the file that came from `kept` is the one that is asked for. @throws UndertoneError `usage/bad-value`. */
  isKept(asked: string, kept: string): boolean;
  /** Resolves to the file where it can be had without the network. */
  installed?(source: string): Promise<FoundEncoder | undefined>;
  /** Resolves to the file; `sha256` is its own, where that is known. @throws UndertoneError as `fetchBytes`, `features/encoder-mismatch`. */
  fetch(
    source: string,
    options: FetchOptions & { readonly sha256?: string | undefined },
  ): Promise<FoundEncoder>;
  /** Returns how to come by the file without this program, to end a message with. */
  byHand(source: string, options: Pick<FetchOptions, "hub">): string;
}
