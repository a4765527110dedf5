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

/**
 * Returns the statistics of a track of F0 (0 where unvoiced); a stretch of n frames spans n − 1 steps. A single frame of the other kind does not
 * end a stretch. No stretch of a kind: 0.
 */
export function segmentStatistics(f0: Float64Array, stepSeconds: number): SegmentStatistics {
  const frames = Math.max(1, f0.length);
  const voiced = Uint8Array.from({ length: frames }, (_, t) => (f0[t] > 0 ? 1 : 0));
  const [meanVoicedSeconds, deviationVoicedSeconds, voicedStretches] = stretches(voiced, 1, stepSeconds);
  const [meanUnvoicedSeconds, deviationUnvoicedSeconds] = stretches(voiced, 0, stepSeconds);
  return {
    voicedPerSecond: voicedStretches / (frames * stepSeconds),
    meanVoicedSeconds,
    deviationVoicedSeconds,
    meanUnvoicedSeconds,
    deviationUnvoicedSeconds,
  };
}

/** Returns mean, standard deviation and count of the lengths of the stretches of `kind`. */
function stretches(voiced: Uint8Array, kind: 0 | 1, stepSeconds: number): [number, number, number] {
  const lengths: number[] = [];
  let from = 0;
  while (from < voiced.length) {
    let to = from;
    while (to < voiced.length && (voiced[to] === kind || (to > from && voiced[to + 1] === kind))) to++;
    if (to - from >= fewestFrames) lengths.push((to - from - 1) * stepSeconds);
    from = to + 1;
  }
  return lengths.length > 0 ? [mean(lengths), standardDeviation(lengths), lengths.length] : [0, 0, 0];
}
