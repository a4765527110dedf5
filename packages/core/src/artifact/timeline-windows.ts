/** Where the windows of a timeline lie. */

/** Returns the windows of `timeline` over a duration, all in seconds: full windows, the last of them ending with the audio. */
export function timelineWindows(
  durationSeconds: number,
  windowSeconds: number,
  hopSeconds: number,
): { start: number; end: number }[] {
  if (!(windowSeconds > 0) || !(hopSeconds > 0)) {
    throw new RangeError(
      `timeline: a window of ${windowSeconds} s every ${hopSeconds} s, expected positive numbers`,
    );
  }
  if (durationSeconds <= windowSeconds) return [{ start: 0, end: durationSeconds }];
  // An end that falls within a thousandth of a hop of a full window is that window's.
  const count = Math.ceil((durationSeconds - windowSeconds) / hopSeconds - 1e-3);
  return Array.from({ length: count + 1 }, (_, i) => {
    const start = i < count ? i * hopSeconds : durationSeconds - windowSeconds;
    return { start, end: start + windowSeconds };
  });
}
