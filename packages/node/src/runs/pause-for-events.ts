/** Lets the event loop run in the middle of a long computation, so that Ctrl-C and timers are heard. */

/** Resolves after waiting events have been handled. */
export function pauseForEvents(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
