/** How long audio is by what its file says, without decoding it. */
import { openAudioStream } from "./audio-stream.js";
import type { ByteSource } from "./byte-source.js";
import { containerFacts } from "./container-facts.js";
import { isPcmContainer } from "./read-pcm.js";
import { sniffContainer } from "./sniff-container.js";

/** Resolves to the length in seconds that a file states, or undefined when it states none. @throws UndertoneError as `decodeBytes` for uncompressed files. */
export async function statedSeconds(source: ByteSource): Promise<number | undefined> {
  const container = sniffContainer(await source.read(0, Math.min(source.size, 65536)));
  if (container === null) return undefined;
  if (isPcmContainer(container)) {
    const openCodec = () => Promise.reject(new TypeError("statedSeconds: a codec for uncompressed audio"));
    const stream = await openAudioStream(source, { openCodec });
    await stream.close();
    return stream.seconds;
  }
  const { seconds, frames, sampleRate } = containerFacts(await source.read(0, source.size), container);
  return seconds ?? (frames !== undefined && sampleRate ? frames / sampleRate : undefined);
}
