/** Work that is done a turn at a time, may have to wait between two, and is known to hang when its turn does not end. */

/** Turns that take longer than this, and than three times the longest one so far, do not end, in milliseconds. */
const longestMs = 500;

export class Turns {
  readonly #stop = new AbortController();
  readonly signal = this.#stop.signal;
  /** Whether the work has to wait. */
  waiting = false;
  #resume: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the turn began; undefined between two and before the first. */
  #began: number | undefined;
  #longest = 0;

  /** Called by the work after each turn; resolves when it may go on. */
  async handBack(): Promise<void> {
    const now = performance.now();
    if (this.#began !== undefined) this.#longest = Math.max(this.#longest, now - this.#began);
    this.#began = undefined;
    clearTimeout(this.#timer);
    if (this.waiting) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
    }
    this.#began = performance.now();
  }

  /** Lets the work wait after the turn that it has; calls `hangs` when that does not end. */
  wait(hangs: () => void): void {
    this.waiting = true;
    if (this.#began === undefined) return;
    this.#timer = setTimeout(hangs, Math.max(longestMs, 3 * this.#longest));
  }

  goOn(): void {
    this.waiting = false;
    clearTimeout(this.#timer);
    this.#resume?.();
  }

  /** Ends the work. */
  end(): void {
    this.#stop.abort();
    this.goOn();
  }
}
