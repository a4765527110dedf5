/** Feature sets in pieces: samples go in as they come, rows come out as soon as they are settled. */
import { UndertoneError } from "../errors.js";
import { type Matrix, matrix } from "../math/matrix.js";

/** Options of a set's `openStream`. */
export interface FeatureStreamOptions {
  /**
   * Level-free sets only: the level of the speech in dB of full scale, which `extract` measures on the whole clip and a stream cannot know in
   * advance. Default −26, for audio that has been brought to that level.
   */
  readonly levelDb?: number | undefined;
}

/**
 * A stream of rows. However the samples are cut, all rows together are those of `extract` on the whole, except that silence and too few samples
 * are not refused: they give quiet rows and none. Calls must not overlap. Memory does not grow with the stream.
 */
export interface FeatureStream {
  /**
   * Takes any number of samples at the set's rate, returns the rows that they settled, maybe none.
   * @throws UndertoneError `audio/not-finite`; the stream is not to be used afterwards.
   */
  push(samples: Float32Array): Matrix | Promise<Matrix>;
  /** Returns the rows that waited for samples still to come; the stream is not to be used afterwards. */
  finish(): Matrix | Promise<Matrix>;
}

/** Samples that are not used up, in one piece. */
export interface SampleQueue {
  /** Samples that are there. */
  readonly samples: Float32Array;
  /** Appends a copy of samples. @throws UndertoneError `audio/not-finite` */
  push(samples: Float32Array): void;
  /** Lets go of the first `count` samples. */
  drop(count: number): void;
}

/** Returns an empty queue; its buffer is as long as the most that was ever in it, at most doubled. */
export function sampleQueue(asker: string): SampleQueue {
  let buffer = new Float32Array(1024);
  let from = 0;
  let to = 0;
  let total = 0;
  return {
    get samples() {
      return buffer.subarray(from, to);
    },
    push(samples) {
      for (let i = 0; i < samples.length; i++) {
        if (Number.isFinite(samples[i])) continue;
        throw new UndertoneError(
          "audio/not-finite",
          `Bad sample for ${asker}: got ${samples[i]} at sample ${total + i} of the stream, expected finite numbers`,
          { details: { index: total + i } },
        );
      }
      total += samples.length;
      if (to + samples.length > buffer.length) {
        const held = to - from;
        const needed = held + samples.length;
        const next = needed > buffer.length ? new Float32Array(2 * needed) : buffer;
        next.set(buffer.subarray(from, to));
        buffer = next;
        from = 0;
        to = held;
      }
      buffer.set(samples, to);
      to += samples.length;
    },
    drop(count) {
      from = Math.min(to, from + count);
    },
  };
}

/** How `frameStream` cuts frames; frame t begins at sample t × hop, which is at most a frame. */
export interface FrameStreamOptions {
  readonly asker: string;
  readonly frameSamples: number;
  readonly hopSamples: number;
  readonly cols: number;
}

/** Returns the stream of a set whose rows each depend on one frame only; `rows` computes those of a stretch that begins and ends with a frame. */
export function frameStream(
  { asker, frameSamples, hopSamples, cols }: FrameStreamOptions,
  rows: (stretch: Float32Array) => Matrix,
): { push(samples: Float32Array): Matrix; finish(): Matrix } {
  const queue = sampleQueue(asker);
  return {
    push(samples) {
      queue.push(samples);
      const held = queue.samples;
      if (held.length < frameSamples) return matrix(0, cols);
      const count = 1 + Math.floor((held.length - frameSamples) / hopSamples);
      const result = rows(held.subarray(0, (count - 1) * hopSamples + frameSamples));
      queue.drop(count * hopSamples);
      return result;
    },
    finish: () => matrix(0, cols),
  };
}
