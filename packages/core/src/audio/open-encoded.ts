/** Opens a compressed file of any container, without a decoder. */
import type { ByteSource } from "./byte-source.js";
import type { Encoded } from "./encoded.js";
import { openMp4 } from "./mp4-file.js";
import { openByteStream, type StreamContainer } from "./stream-file.js";
import { openWebm } from "./webm-file.js";

export type CompressedContainer = StreamContainer | "m4a" | "webm";

/** Resolves to what the file says, and its pieces; `head` are its first bytes. @throws UndertoneError `audio/truncated`, `audio/not-audio`, `audio/unsupported`. */
export function openEncoded(
  source: ByteSource,
  {
    head,
    container,
    name,
  }: { readonly head: Uint8Array; readonly container: CompressedContainer; readonly name: string },
): Promise<Encoded> {
  if (container === "m4a") return openMp4(source, name);
  if (container === "webm") return openWebm(source, head, name);
  return openByteStream(source, { head, container, name });
}
