/** How long audio is by what its file says, without decoding it. */
import { openAudioStream } from "./audio-stream.js";
import type { ByteSource } from "./byte-source.js";
import { openEncoded } from "./open-encoded.js";
import { isPcmContainer } from "./read-pcm.js";
import { sniffContainer } from "./sniff-container.js";

/** Bytes in which headers and tags end. */
const headBytes = 2 ** 20;

/** Resolves to the length in seconds that a file states, or undefined when it states none. @throws UndertoneError as `openAudioStream`. */
export async function statedSeconds(source: ByteSource): Promise<number | undefined> {
  const head = await source.read(0, Math.min(source.size, headBytes));
  const container = sniffContainer(head);
  if (container === null) return undefined;
  if (!isPcmContainer(container))
    return (await openEncoded(source, { head, container, name: "The audio" })).seconds;
  const openCodec = () => Promise.reject(new TypeError("statedSeconds: a codec for uncompressed audio"));
  const stream = await openAudioStream(source, { openCodec });
  await stream.close();
  return stream.seconds;
}
