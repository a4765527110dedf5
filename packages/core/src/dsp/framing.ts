/** How a signal is cut into frames: counts, offsets and padding, as librosa does it. */

/** How frames lie on the signal. */
export interface FramingOptions {
  /** Length of one frame in samples. */
  readonly frameSamples: number;
  /** Distance between the starts of neighbouring frames in samples. */
  readonly hopSamples: number;
  /** Whether frame t is centred on sample t × hop (the ends are padded) or starts there. Default true. */
  readonly center?: boolean | undefined;
}

/**
 * Returns how many frames fit: centred 1 + floor((n + 2 floor(frame / 2) − frame) / hop), otherwise those that lie whole within the
 * signal. 0 when the (padded) signal is shorter than one frame.
 */
export function frameCount(
  samples: number,
  { frameSamples, hopSamples, center = true }: FramingOptions,
): number {
  checkFraming({ frameSamples, hopSamples });
  const length = center ? samples + 2 * Math.floor(frameSamples / 2) : samples;
  return length < frameSamples ? 0 : 1 + Math.floor((length - frameSamples) / hopSamples);
}

/** Returns the index of the first sample of frame 0: −floor(frame / 2) when centred, otherwise 0. */
export function firstSample({ frameSamples, center = true }: FramingOptions): number {
  return center ? -Math.floor(frameSamples / 2) : 0;
}

function checkFraming({ frameSamples, hopSamples }: FramingOptions): void {
  if (
    !Number.isInteger(frameSamples) ||
    frameSamples < 1 ||
    !Number.isInteger(hopSamples) ||
    hopSamples < 1
  ) {
    throw new RangeError(
      `Framing: got a frame of ${frameSamples} and a hop of ${hopSamples} samples, expected integers ≥ 1`,
    );
  }
}

/** Returns the longest stretch of which both a frame and a hop are whole numbers. */
export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
