/** Waits for Ctrl-C. */

/** Resolves when the signal aborts, at once where it has: an event that is over is not told again. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
