/** How long audio is by what its file says, without decoding it. */
import { openAudioStream } from "./audio-stream.js";
import type { ByteSource } from "./byte-source.js";
import { readHead } from "./open-blocks.js";
import { openEncoded } from "./open-encoded.js";
import { isPcmContainer } from "./read-pcm.js";

/** Resolves to the length in seconds that a file states, or undefined when it states none. @throws UndertoneError as `openAudioStream`. */
export async function statedSeconds(source: ByteSource): Promise<number | undefined> {
  const { head, container } = await readHead(source, "The audio");
  if (container === null) return undefined;
  if (!isPcmContainer(container))
    return (await openEncoded(source, { head, container, name: "The audio" })).seconds;
  const openCodec = () => Promise.reject(new TypeError("statedSeconds: a codec for uncompressed audio"));
  const stream = await openAudioStream(source, { openCodec });
  await stream.close();
  return stream.seconds;
}
