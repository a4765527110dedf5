/** The browser's own decoder for AAC and MP4: every browser has one, and the free ones in WebAssembly are under the GPL. */
import type { Codec } from "@undertone/core/audio";
import { UndertoneError } from "@undertone/core/errors";

/** The rate in Hz that the browser resamples to, which covers speech and more; a file does not tell the page its own. */
export const browserCodecRate = 48000;

/**
 * Returns a decoder that takes the whole file and then gives its audio.
 * @throws UndertoneError `audio/unsupported` in a worker, where browsers have no such decoder.
 */
export function browserCodec(): Codec {
  if (typeof OfflineAudioContext === "undefined") {
    throw new UndertoneError(
      "audio/unsupported",
      "AAC and MP4 are decoded by the browser itself, which it does on the page and not in a worker; call `decode` on the page.",
    );
  }
  const context = new OfflineAudioContext(1, 1, browserCodecRate);
  let file = new Uint8Array(0);
  const decode = async (chunk?: Uint8Array): ReturnType<Codec> => {
    if (chunk !== undefined) {
      file = joined(file, chunk);
      return { channelData: [], sampleRate: browserCodecRate };
    }
    const audio = await context.decodeAudioData(file.buffer).catch((cause: unknown) => {
      throw new Error("unsupported by this browser, or damaged", { cause });
    });
    return {
      channelData: Array.from({ length: audio.numberOfChannels }, (_, channel) =>
        audio.getChannelData(channel),
      ),
      sampleRate: audio.sampleRate,
    };
  };
  return Object.assign(decode, {
    free() {
      file = new Uint8Array(0);
    },
  });
}

function joined(held: Uint8Array, chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(held.length + chunk.length);
  all.set(held);
  all.set(chunk, held.length);
  return all;
}
