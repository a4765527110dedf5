/** Frames that lie whole within a signal and are centred in it, as Praat places them. */

export interface CentredFrames {
  readonly count: number;
  /** Centre of the first frame. */
  readonly firstSeconds: number;
}

/** Returns how many windows fit into `duration` seconds, one every `step`, and where the first is centred; none when it is shorter than a window. */
export function centredFrames(duration: number, window: number, step: number): CentredFrames {
  const count = duration < window ? 0 : 1 + Math.floor((duration - window) / step + 1e-9);
  return { count, firstSeconds: 0.5 * (duration - (count - 1) * step) };
}
