/** Audio files of any length, piece by piece. */
import { allFinite } from "../math/all-finite.js";
import type { OpenedAudio } from "./audio-blocks.js";
import type { ByteSource } from "./byte-source.js";
import type { OpenCodec } from "./codec.js";
import type { DecodeLimits } from "./decode-limits.js";
import { joinSamples } from "./join-arrays.js";
import { mixedCopy } from "./mix-to-mono.js";
import { checkLength, checkSpan, notFinite, type Span, spanFrames } from "./mono-collector.js";
import { openAudioBlocks } from "./open-blocks.js";

/** An audio file that is decoded as its pieces are taken. */
export interface AudioStream extends OpenedAudio {
  /**
   * Gives the samples once, from the first to the last of the span, mixed to mono as `decodeBytes` does.
   * @throws UndertoneError as `decodeBytes`: a file that is cut gives what is there before.
   */
  pieces(): AsyncGenerator<Float32Array>;
}

export interface AudioStreamOptions extends Span {
  /** What messages call the audio. */
  readonly name?: string | undefined;
  /** Opens a decoder; called for compressed files only. */
  readonly openCodec: OpenCodec;
  /** How long the audio may be; by default nothing limits it. */
  readonly limits?: Pick<DecodeLimits, "maxSeconds" | "maxSamples"> | undefined;
}

/** Samples that a piece has at least, but for the last: 2.7 seconds at 48 kHz. */
const pieceFrames = 2 ** 17;

/**
 * Resolves to the stream of a file of any container. It holds a piece of the file and of its samples at a time, however long it is.
 * @throws UndertoneError as `decodeBytes`, but for `audio/truncated`, which a compressed file throws at its end.
 */
export async function openAudioStream(
  source: ByteSource,
  { name = "The audio", openCodec, limits, ...span }: AudioStreamOptions,
): Promise<AudioStream> {
  checkSpan(name, span);
  const opened = await openAudioBlocks(source, { name, openCodec, start: span.start });
  const { container, sampleRate, seconds, remarks } = opened;
  const { last, inside, checkReached } = spanFrames(name, sampleRate, span);
  const monoOf = (channels: readonly Float32Array[], at: number): Float32Array | undefined => {
    const part = inside(channels, at);
    const wrong = part?.channels.find((channel) => !allFinite(channel));
    if (part && wrong) throw notFinite(name, wrong, { offset: part.at, sampleRate });
    return part && mixedCopy(part.channels);
  };
  return {
    container,
    sampleRate,
    seconds,
    remarks,
    get progress() {
      return opened.progress;
    },
    async *pieces() {
      let at = opened.firstFrame;
      let held: Float32Array[] = [];
      let count = 0;
      const blocks = opened.blocks();
      try {
        while (at < last) {
          // What came before a fault is given before it is thrown.
          const next = await blocks.next().catch((error: unknown) => ({ error }));
          if ("error" in next || next.done) {
            if (count > 0) yield joinSamples(held);
            if ("error" in next) throw next.error;
            return checkReached(at);
          }
          const block = monoOf(next.value, at);
          if (block) {
            held.push(block);
            count += block.length;
          }
          at += next.value[0].length;
          if (limits) checkLength(name, { frames: at, sampleRate, channels: next.value.length }, limits);
          if (count >= pieceFrames || (at >= last && count > 0)) {
            yield joinSamples(held);
            held = [];
            count = 0;
          }
        }
      } finally {
        await blocks.return(undefined);
      }
    },
    close: () => opened.close(),
  };
}
