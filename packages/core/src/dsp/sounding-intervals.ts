/** When a recording sounds and when it pauses, as Praat's "To TextGrid (silences)". */
import type { IntensityContour } from "./intensity.js";

export interface SoundingOptions {
  /** Frames more than this below the loudest one are silent. Default 25. */
  readonly belowDb?: number | undefined;
  /** Shorter silences are no pauses. Default 0.1. */
  readonly shortestPauseSeconds?: number | undefined;
  /** Shorter sounds are none. Default 0.1. */
  readonly shortestSoundSeconds?: number | undefined;
}

/** A part of the time axis, in seconds. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

/** Returns the spans that sound, ascending; what lies between two of them is a pause. Short sounds are dropped first, then short silences filled. */
export function soundingIntervals(contour: IntensityContour, options: SoundingOptions = {}): TimeSpan[] {
  const { belowDb = 25, shortestPauseSeconds = 0.1, shortestSoundSeconds = 0.1 } = options;
  const { levelDb, firstSeconds, stepSeconds } = contour;
  const threshold = levelDb.reduce((top, level) => Math.max(top, level), -Infinity) - belowDb;
  const spans: TimeSpan[] = [];
  for (let from = 0; from < levelDb.length; from++) {
    if (levelDb[from] < threshold) continue;
    let to = from + 1;
    while (to < levelDb.length && levelDb[to] >= threshold) to++;
    spans.push({
      start: firstSeconds + (from - 0.5) * stepSeconds,
      end: firstSeconds + (to - 0.5) * stepSeconds,
    });
    from = to;
  }
  const joined: TimeSpan[] = [];
  for (const span of spans) {
    if (span.end - span.start < shortestSoundSeconds) continue;
    const last = joined.at(-1);
    if (last && span.start - last.end < shortestPauseSeconds)
      joined[joined.length - 1] = { start: last.start, end: span.end };
    else joined.push(span);
  }
  return joined;
}
