/** What a recognizer says of a stretch of audio. */

import type { DimensionName } from "../data/utterance.js";
import type { CollectionProfile, HeardRecording, SpeakerProfile } from "./profiles.js";

/**
 * Why a prediction has no label: no speech was heard, the audio is too short, it sounds unlike all that the model was trained on, or the
 * likeliest class is not likely enough.
 */
export type AbstainReason = "no-speech" | "too-short" | "unfamiliar" | "uncertain";

/** What scores were adapted to; of a speaker and a collection that are both known, it is the speaker. */
export interface Adapted {
  readonly to: "speaker" | "collection";
  readonly by: number;
}

/** What was heard between `start` and `end`. */
export interface Prediction {
  /** The class, or null when the recognizer abstains or its model has no classes. */
  readonly label: string | null;
  /** Class -> calibrated probability; empty when nothing was scored. */
  readonly scores: Readonly<Record<string, number>>;
  /** The label's probability, 0 when it abstains for want of speech. */
  readonly confidence: number;
  /** Arousal, valence and dominance, those that the model gives, in the unit of `manifest.dimensions`; absent where nothing was heard. */
  readonly dimensions?: Readonly<Partial<Record<DimensionName, number>>> | undefined;
  /** The classes that hold the right one as often as the model's `conformal.level` says, the likeliest first; absent where nothing was scored. */
  readonly set?: readonly string[];
  /**
   * The part of held-out training recordings that sounded more like the training than this, 0..1; of whole recordings only, since a window
   * of one is less steady than the recordings that it would be compared with.
   */
  readonly outOfDistribution?: number | undefined;
  /** Upper edge in Hz of what is in the recording, as from a telephone; absent where that is all that the model hears, and of windows. */
  readonly bandHz?: number | undefined;
  /** True of a whole recording that the model learnt from: what it says of that tells nothing of others. */
  readonly learnt?: true;
  /** Why `label` is null, or why the dimensions are not to be trusted; absent where a model without classes has nothing against it. */
  readonly reason?: AbstainReason;
  /** Seconds from the start of the audio. */
  readonly start: number;
  readonly end: number;
  /** The speaker's profile with this recording in it, when one was given. */
  readonly speaker?: SpeakerProfile | undefined;
  /** The collection's profile with this recording in it, when one was given. */
  readonly collection?: CollectionProfile | undefined;
  /** What the model said before anything was known, uncalibrated, in the order of its classes; where a collection was given. */
  readonly heard?: HeardRecording | undefined;
  /** To what the scores are adapted, and by how many recordings or windows of it, this one among them; absent where they are as for a stranger. */
  readonly adapted?: Adapted | undefined;
}
