/** Lets a page or worker hear events in the middle of a long computation, such as training an artifact. */

/** Resolves after waiting events have been handled, without the 4 ms that timers take. */
export function pauseForEvents(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
