/** How long audio is by what its file says, without decoding it. */
import type { ByteSource } from "./byte-source.js";
import { readHead } from "./open-blocks.js";
import { openEncoded } from "./open-encoded.js";
import { openPcm } from "./pcm-file.js";
import { isPcmContainer } from "./read-pcm.js";

/** Resolves to the length in seconds that a file states, or undefined when it states none. @throws UndertoneError as `openAudioStream`. */
export async function statedSeconds(source: ByteSource): Promise<number | undefined> {
  const name = "The audio";
  const { head, container } = await readHead(source, name);
  if (container === null) return undefined;
  const { seconds } = isPcmContainer(container)
    ? await openPcm(source, { head, container, name })
    : await openEncoded(source, { head, container, name });
  return seconds;
}
