/** Where the windows of a timeline lie. */

/** A stretch of audio in seconds. */
export interface TimelineWindow {
  readonly start: number;
  readonly end: number;
}

/** Length of a window and the distance between the starts of two, in seconds. */
export interface WindowGrid {
  readonly windowSeconds: number;
  readonly hopSeconds: number;
}

/** @throws RangeError for a window or hop that is not positive. */
export function checkGrid({ windowSeconds, hopSeconds }: WindowGrid): void {
  if (windowSeconds > 0 && hopSeconds > 0) return;
  throw new RangeError(
    `timeline: a window of ${windowSeconds} s every ${hopSeconds} s, expected positive numbers`,
  );
}

/**
 * Returns how many windows from the start on are settled once so much audio has come: those that more audio cannot change. An end that falls
 * within a thousandth of a hop of a full window makes that window the last one.
 */
export function settledWindows(durationSeconds: number, { windowSeconds, hopSeconds }: WindowGrid): number {
  if (durationSeconds <= windowSeconds) return 0;
  return Math.ceil((durationSeconds - windowSeconds) / hopSeconds - 1e-3);
}

/** Returns the window with that number, from 0 on. */
export function windowAt(index: number, { windowSeconds, hopSeconds }: WindowGrid): TimelineWindow {
  const start = index * hopSeconds;
  return { start, end: start + windowSeconds };
}

/** Returns the window after the settled ones: it ends with the audio. */
export function lastWindow(durationSeconds: number, { windowSeconds }: WindowGrid): TimelineWindow {
  if (durationSeconds <= windowSeconds) return { start: 0, end: durationSeconds };
  return { start: durationSeconds - windowSeconds, end: durationSeconds };
}
