/** Statistics over the frames of a clip, which come piece by piece. */
import type { EncoderStatistic } from "./encoder-id.js";

/** Sums over the frames seen so far, in float64. */
export interface FrameStatistics {
  /** Adds a frame of `count` values. */
  add(values: ArrayLike<number>): void;
  /** Writes each statistic of every value, one statistic after the other, at `offset`. */
  finishInto(out: Float32Array, offset: number): void;
}

/** Returns statistics of frames of `count` values; deviations are of the population. */
export function frameStatistics(count: number, statistics: readonly EncoderStatistic[]): FrameStatistics {
  const means = new Float64Array(count);
  const squares = new Float64Array(count);
  const greatest = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  let frames = 0;
  return {
    add(values) {
      frames++;
      // Welford's update: sums of squares would cancel where the mean is large.
      for (let i = 0; i < count; i++) {
        const value = values[i];
        const before = value - means[i];
        means[i] += before / frames;
        squares[i] += before * (value - means[i]);
        if (value > greatest[i]) greatest[i] = value;
      }
    },
    finishInto(out, offset) {
      statistics.forEach((statistic, k) => {
        for (let i = 0; i < count; i++) {
          out[offset + k * count + i] =
            statistic === "mean"
              ? means[i]
              : statistic === "max"
                ? greatest[i]
                : Math.sqrt(squares[i] / frames);
        }
      });
    },
  };
}
