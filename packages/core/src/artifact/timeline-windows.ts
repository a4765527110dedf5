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

/** A last window that begins so few seconds after the one before would say the same again. */
const leastNewSeconds = 0.05;

/** Returns the window after the settled ones, which ends with the audio; undefined where the one before ends within 0.05 s of it. */
export function lastWindow(durationSeconds: number, grid: WindowGrid): TimelineWindow | undefined {
  const { windowSeconds } = grid;
  if (durationSeconds <= windowSeconds) return { start: 0, end: durationSeconds };
  const start = durationSeconds - windowSeconds;
  const before = windowAt(settledWindows(durationSeconds, grid) - 1, grid);
  return start - before.start < leastNewSeconds ? undefined : { start, end: durationSeconds };
}

/** Returns the windows that do not overlap, from the first on, and the last one: what a timeline as close as its windows are long would have. */
export function windowsApart<Window extends TimelineWindow>(timeline: readonly Window[]): Window[] {
  const apart = sideBySide();
  return timeline.filter((window, i) => apart(window) || i === timeline.length - 1);
}

/** Returns what says of windows, in order of time, whether they begin after the last one of which it said so: what overlaps tells little new. */
export function sideBySide(): (window: TimelineWindow) => boolean {
  let last = 0;
  return ({ start, end }) => {
    // Times are sums of hops.
    if (start < last - 1e-6) return false;
    last = end;
    return true;
  };
}
