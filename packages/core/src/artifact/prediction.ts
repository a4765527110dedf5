/** What a recognizer says of a stretch of audio. */

import type { SpeakerProfile } from "./speaker-profile.js";

/** Why a prediction has no label. */
export type AbstainReason = "no-speech" | "too-short" | "uncertain";

/** What was heard between `start` and `end`. */
export interface Prediction {
  /** The class, or null when the recognizer abstains. */
  readonly label: string | null;
  /** Class -> calibrated probability; empty when nothing was scored. */
  readonly scores: Readonly<Record<string, number>>;
  /** The label's probability, 0 when it abstains for want of speech. */
  readonly confidence: number;
  /** Why `label` is null. */
  readonly reason?: AbstainReason;
  /** Seconds from the start of the audio. */
  readonly start: number;
  readonly end: number;
  /** The speaker's profile with this recording in it, when one was given. */
  readonly speaker?: SpeakerProfile;
}
