/** Opens decoders whose code comes late, or not at once. */
import { expect, it } from "vitest";
import { codecOpener } from "./codec-opener.js";

it("asks anew for the decoder of AAC that could not be fetched", async () => {
  let asked = 0;
  const missing = (): Promise<never> => Promise.reject(new Error(`offline ${++asked}`));
  const openCodec = codecOpener({
    ...{ flac: missing, mp3: missing, vorbis: missing, opus: missing },
    ...{ opusPackets: missing, libav: missing },
  });
  await expect(openCodec("aac")).rejects.toThrow("offline 1");
  await expect(openCodec("aac")).rejects.toThrow("offline 2");
});
