/** The outline of a waveform, for pictures of recordings whose samples are not kept. */

/** Lowest and highest sample of each step, in −1..1. */
export interface WavePeaks {
  readonly stepSeconds: number;
  /** low, high, low, high, … */
  readonly levels: Float32Array;
}

/** Length of a step in seconds. */
const peakSeconds = 0.01;

/** Takes samples of any rate piece by piece. */
export interface PeakMeter {
  add(samples: Float32Array): void;
  /** Ends the step that is not full yet. */
  finish(): void;
  /** Returns lowest and highest of the steps that were filled since it was last called. */
  take(): Float32Array;
}

export function peakMeter(sampleRate: number): PeakMeter {
  let filled: number[] = [];
  let steps = 0;
  let total = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let end = peakSeconds * sampleRate;
  function close(): void {
    filled.push(low, high);
    low = Number.POSITIVE_INFINITY;
    high = Number.NEGATIVE_INFINITY;
    steps++;
    end = (steps + 1) * peakSeconds * sampleRate;
  }
  return {
    add(samples) {
      for (const x of samples) {
        if (x < low) low = x;
        if (x > high) high = x;
        if (++total >= end) close();
      }
    },
    finish() {
      if (low <= high) close();
    },
    take() {
      const taken = Float32Array.from(filled);
      filled = [];
      return taken;
    },
  };
}

/** Gathers what a meter gives; `peaks` is all so far, and stays as it was when more is added. */
export class PeakList {
  #held = new Float32Array(4096);
  #length = 0;

  add(levels: Float32Array): void {
    const length = this.#length + levels.length;
    if (length > this.#held.length) {
      const larger = new Float32Array(2 * length);
      larger.set(this.#held);
      this.#held = larger;
    }
    this.#held.set(levels, this.#length);
    this.#length = length;
  }

  get peaks(): WavePeaks {
    return { stepSeconds: peakSeconds, levels: this.#held.subarray(0, this.#length) };
  }
}
