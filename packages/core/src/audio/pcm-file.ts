/** Files of uncompressed samples, piece by piece. */
import { isUndertoneError } from "../errors.js";
import type { AudioBlocks } from "./audio-blocks.js";
import { truncated, withoutSamples } from "./audio-refusals.js";
import { type ByteSource, readExactly } from "./byte-source.js";
import type { DecodeLimits } from "./decode-limits.js";
import { checkFormat, checkLength } from "./mono-collector.js";
import { fullScale, type PcmLayout, pcmBlocks } from "./pcm.js";
import { type PcmContainer, readPcm } from "./read-pcm.js";

/** Bytes of samples that are read at a time. */
const pieceBytes = 2 ** 19;
/** Most bytes of a file that are searched for the place of its samples: pictures and tags may stand before them. */
const mostHeadBytes = 2 ** 28;

/** Resolves to the blocks of a file of uncompressed samples. @throws UndertoneError as `decodeBytes`. */
export async function openPcm(
  source: ByteSource,
  options: {
    readonly head: Uint8Array;
    readonly container: PcmContainer;
    readonly name: string;
    readonly limits?: DecodeLimits | undefined;
    readonly start?: number | undefined;
  },
): Promise<AudioBlocks> {
  const { name, limits, start = 0 } = options;
  const layout = await findLayout(source, options);
  const { channels, sampleRate, frames, frameBytes, offset, claimedFrames } = layout;
  checkFormat(name, sampleRate, channels);
  if (limits) checkLength(name, layout, limits);
  if (frames < claimedFrames) throw truncated(name, frames / sampleRate, claimedFrames / sampleRate);
  if (frames === 0) throw withoutSamples(name);
  const firstFrame = Math.min(frames, Math.max(0, Math.round(start * sampleRate)));
  const most = Math.max(1, Math.floor(pieceBytes / frameBytes));
  let read = firstFrame;
  return {
    container: options.container,
    sampleRate,
    seconds: frames / sampleRate,
    remarks: layout.remark === undefined ? [] : [layout.remark],
    clipLevel: fullScale(layout.bits),
    firstFrame,
    get progress() {
      return read / frames;
    },
    async *blocks() {
      while (read < frames) {
        const count = Math.min(most, frames - read);
        const from = offset + read * frameBytes;
        const bytes = await readExactly(source, { from, to: from + count * frameBytes, name });
        read += count;
        yield* pcmBlocks(bytes, { ...layout, offset: 0, frames: count });
      }
    },
    close: async () => undefined,
  };
}

async function findLayout(
  source: ByteSource,
  {
    head,
    container,
    name,
  }: { readonly head: Uint8Array; readonly container: PcmContainer; readonly name: string },
): Promise<PcmLayout> {
  for (let bytes = head; ; ) {
    try {
      return readPcm(bytes, container, { name, fileBytes: source.size });
    } catch (error) {
      const more = Math.min(source.size, 8 * bytes.length, mostHeadBytes);
      const later = isUndertoneError(error) && error.code === "audio/truncated";
      if (!later || more <= bytes.length) throw error;
      bytes = await readExactly(source, { from: 0, to: more, name });
    }
  }
}
