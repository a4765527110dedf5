/** Lengths of the voiced and the unvoiced stretches. */
import { mean, standardDeviation } from "../../math/statistics.js";

export interface SegmentStatistics {
  readonly voicedPerSecond: number;
  readonly meanVoicedSeconds: number;
  readonly deviationVoicedSeconds: number;
  readonly meanUnvoicedSeconds: number;
  readonly deviationUnvoicedSeconds: number;
}

/** Stretches of fewer frames do not count. */
const fewestFrames = 3;
/** Frames at the end that the reference implementation does not see here. */
export const framesCutOff = 2;

/** Returns the statistics of a track of F0 (0 where unvoiced); a stretch of n frames spans n − 1 steps. No stretch of a kind: 0. */
export function segmentStatistics(f0: Float64Array, stepSeconds: number): SegmentStatistics {
  const frames = Math.max(1, f0.length - framesCutOff);
  const voiced: number[] = [];
  const unvoiced: number[] = [];
  let from = 0;
  for (let t = 1; t <= frames; t++) {
    if (t < frames && f0[t] > 0 === f0[from] > 0) continue;
    if (t - from >= fewestFrames) (f0[from] > 0 ? voiced : unvoiced).push((t - from - 1) * stepSeconds);
    from = t;
  }
  const of = (lengths: number[]): [number, number] =>
    lengths.length > 0 ? [mean(lengths), standardDeviation(lengths)] : [0, 0];
  const [meanVoicedSeconds, deviationVoicedSeconds] = of(voiced);
  const [meanUnvoicedSeconds, deviationUnvoicedSeconds] = of(unvoiced);
  return {
    voicedPerSecond: voiced.length / (frames * stepSeconds),
    meanVoicedSeconds,
    deviationVoicedSeconds,
    meanUnvoicedSeconds,
    deviationUnvoicedSeconds,
  };
}
