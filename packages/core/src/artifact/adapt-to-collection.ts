/** Recordings that were heard, said anew once all of their collection are known; nothing is heard twice. */
import type { ArtifactManifest } from "./manifest.js";
import type { Prediction } from "./prediction.js";
import {
  addRecording,
  type CollectionProfile,
  type HeardRecording,
  knownScores,
  newCollection,
} from "./profiles.js";
import { predictionOf } from "./score.js";
import { sideBySide } from "./timeline-windows.js";

/** What was heard in a recording while a collection was given, so that predictions have `heard`. */
export interface HeardOfCollection {
  /** Of a recording that was judged whole. */
  readonly whole?: Prediction | undefined;
  /** Its windows, as far as they were asked for. */
  readonly timeline: readonly Prediction[];
}

/** Recordings of a collection, said with all of it known. */
export interface AdaptedCollection<Heard extends HeardOfCollection> {
  /** Recordings that were judged whole and have told of the collection. */
  readonly by: number;
  /** How far they are believed, 0..1: where they may be of one class, nothing is adapted. */
  readonly trust: number;
  readonly recordings: readonly Heard[];
}

/**
 * Returns the recordings, in their order, with predictions for a collection that is known: the recordings that were judged whole are one. A
 * recording too long for that is a collection of its own, of its windows side by side.
 * @throws UndertoneError `artifact/not-adaptable`.
 */
export function adaptToCollection<Heard extends HeardOfCollection>(
  recordings: readonly Heard[],
  manifest: ArtifactManifest,
): AdaptedCollection<Heard> {
  const none = newCollection(manifest);
  const heard = recordings.flatMap(({ whole }) => whole?.heard ?? []);
  const { trust, say: toAll } = readaptation({ ...none, heard }, manifest);
  return {
    ...{ by: heard.length, trust },
    recordings: recordings.map((recording) => {
      const { whole, timeline } = recording;
      if (whole)
        return { ...recording, whole: toAll(whole), timeline: timeline.map((window) => toAll(window)) };
      const own = timeline.filter(sideBySide()).flatMap((window) => window.heard ?? []);
      const { say: toOwn } = readaptation({ ...none, heard: own }, manifest);
      return { ...recording, timeline: timeline.map((window) => toOwn(window)) };
    }),
  };
}

/** Returns what says predictions anew of a collection that is known; those of speakers who are known, and those without scores, it leaves as they are. */
function readaptation(
  profile: CollectionProfile,
  manifest: ArtifactManifest,
): { readonly trust: number; readonly say: (prediction: Prediction, heard?: HeardRecording) => Prediction } {
  const { trust, scoresOf } = knownScores(profile, manifest, { kind: "collection", centre: [] });
  const adapted = trust > 0 ? ({ to: "collection", by: profile.heard.length } as const) : undefined;
  return {
    trust,
    say(prediction, heard = prediction.heard) {
      const { dimensions = {}, outOfDistribution: strangeness } = prediction;
      if (!heard || prediction.adapted?.to === "speaker") return prediction;
      const { reason: _, adapted: __, ...rest } = prediction;
      const values = manifest.dimensions?.values.map(({ name }) => dimensions[name]!) ?? [];
      return {
        ...rest,
        ...predictionOf({ scores: scoresOf(heard), values }, { manifest, strangeness, adapted }),
      };
    },
  };
}

/** Returns what says the windows of a stream anew, in order of time, with those before known, and itself. */
export function adaptAsHeard(manifest: ArtifactManifest): (window: Prediction) => Prediction {
  let known = newCollection(manifest);
  const apart = sideBySide();
  return (window) => {
    const tells = window.heard && apart(window);
    if (tells) known = addRecording(known, window.heard!);
    return readaptation(known, manifest).say(window, tells ? known.heard.at(-1) : window.heard);
  };
}
