/** Feature sets over windows of audio as it comes: what windows have in common is computed once. */
import type { Matrix } from "../math/matrix.js";
import type { FrameWindow } from "./speech-frames.js";

/**
 * A step of level, in dB, that frames of a window may be off: level-free sets bring each window's speech to one level, which differs from window to window. Frames
 * that were computed for another window hold as long as its level is this close; else those of the whole window are computed anew.
 */
export const levelToleranceDb = 3;

/** The windows of one set over one `SpeechFrames`. Calls must not overlap; windows begin no earlier than the one before. */
export interface FeatureWindows {
  /**
   * Returns the set's row for a window of frames; the window of all frames of a recording gives the row of `extract`.
   * @throws UndertoneError `audio/silent`, `audio/too-short`.
   */
  row(window: FrameWindow): Matrix | Promise<Matrix>;
}

/** Options of `openWindows`. */
export interface FeatureWindowsOptions {
  /** Whether there will be but one window, so that nothing need be kept for others. */
  readonly once?: boolean;
}
